"""Determine whether a SQLite file is the one that was opened, sound, and not lost; keep what it held."""

import json
import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from domain.diagnostics import CheckLine
from domain.operations.storage_faults import StorageFault
from storage.errors import StoreError
from storage.filelock import OWNER_ONLY

#: Beside the database: that there was one, and when its last backup was made.
KNOWN = ".known"
#: What is saved of a file that was deleted or replaced while it was in use.
RESCUED = ".rescued"
OLD_BACKUP = timedelta(days=2)
CHECK_SECONDS = 5.0  # that the look through all pages may take
_HEADER_LENGTH = 100  # bytes (https://www.sqlite.org/fileformat.html, 1.3)
_STEPS = 50_000  # of SQLite's virtual machine between two looks at the time
_RESTORE = "Put the newest backup in its place with `python bot.py restore FILE`"


@dataclass(frozen=True, slots=True)
class DatabaseFile:
    """A file as it was when it was opened."""

    path: Path
    device: int
    inode: int

    @classmethod
    def opened(cls, path: Path) -> "DatabaseFile":
        """Return the file that is at `path` now."""
        found = path.stat()
        return cls(path, found.st_dev, found.st_ino)

    def fault(self) -> StorageFault | None:
        """Return whether the file at its place is gone, or another one."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return StorageFault.MISSING
        except OSError:
            return StorageFault.UNREADABLE
        is_ours = (found.st_dev, found.st_ino) == (self.device, self.inode)
        return None if is_ours else StorageFault.REPLACED

    def free_bytes(self) -> int:
        """Return how much may be written to its disk."""
        return shutil.disk_usage(self.path.parent).free

    def rescue(self, connection: sqlite3.Connection) -> Path:
        """Copy what the open file holds to a new one beside it; return where."""
        copy = free_name(self.path, RESCUED)
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
        with closing(sqlite3.connect(copy)) as target:
            connection.backup(target)
        return copy


def free_name(path: Path, suffix: str) -> Path:
    """Return a free name beside the file: with the suffix, and a number where that is taken."""
    free, number = path.with_name(f"{path.name}{suffix}"), 1
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}{suffix}-{number}")
    return free


def require_header(path: Path) -> None:
    """Raise `StoreError` for a file too short for a database: SQLite may take it for an empty one."""
    if 0 < (length := path.stat().st_size) < _HEADER_LENGTH:
        raise StoreError(
            f"The file {path} is no database: it has {length} of the {_HEADER_LENGTH} bytes that one begins with. Nothing was changed. Name "
            "another file in DATABASE_URL, or move this one away."
        )


def require_sound(path: Path) -> None:
    """Look through all pages, for at most `CHECK_SECONDS`. Raises `StoreError` where one is damaged."""
    until = time.monotonic() + CHECK_SECONDS
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
        try:
            [found] = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError:  # it took too long, or is locked
            return
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        raise StoreError(
            f"The database {path} is damaged: {found}. Nothing was changed. {_RESTORE}, then start again."
        )


def require_kept(path: Path) -> None:
    """Raise `StoreError` for a file that is empty where there was a database before."""
    known = _read(path)
    if not known:
        return
    backup = known.get("backup")
    last = f" The last one was made {known['backed_up_at']}: {backup}." if backup else " None is known."
    raise StoreError(
        f"The database {path} is empty or gone, and it was in use here before. {_RESTORE}.{last} "
        f"Only to begin anew without what it held, delete {_marker(path)}."
    )


def record_known(path: Path) -> None:
    """Note that there is a database."""
    if not _read(path):
        _write(path, {"database": path.name})


def record_backup(path: Path, copy: Path, now: datetime) -> None:
    """Note that a backup was made."""
    _write(path, {"database": path.name, "backup": str(copy.absolute()), "backed_up_at": now.isoformat()})


def check_backup(path: Path, now: datetime) -> CheckLine:
    """Return a line that says how old the last backup is."""
    last = last_backup(path)
    if last is None:
        return CheckLine("Backup", ok=None, detail="none is known", remedy="Run `python bot.py backup FILE`")
    at, copy = last
    age, is_there = now - at, Path(copy).is_file()
    detail = (
        f"the last one was made {_age(age)} ago: {copy}{'' if is_there else ', which is no longer there'}"
    )
    is_old = age > OLD_BACKUP or not is_there
    return CheckLine(
        "Backup",
        ok=None if is_old else True,
        detail=detail,
        remedy="Run `python bot.py backup FILE` once a day, and keep it on another disk" if is_old else "",
    )


def _age(age: timedelta) -> str:
    hours = max(0, int(age.total_seconds() // 3600))
    return f"{age.days} days" if age > OLD_BACKUP else f"{hours} h"


def last_backup(path: Path) -> tuple[datetime, str] | None:
    """Return when the last backup was made, and where; `None` where none is known."""
    known = _read(path)
    return (datetime.fromisoformat(known["backed_up_at"]), known["backup"]) if "backup" in known else None


def _marker(path: Path) -> Path:
    return path.with_name(f"{path.name}{KNOWN}")


def _read(path: Path) -> dict[str, str]:
    """Return what is known of the database; where that cannot be read, that there was one."""
    try:
        found = json.loads(_marker(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        found = None
    return found if isinstance(found, dict) else {"database": path.name}


def _write(path: Path, known: dict[str, str]) -> None:
    """Write it whole or not at all, for the owner of the database, whoever makes the backups."""
    marker = _marker(path)
    made = marker.with_name(f"{marker.name}.new")
    with suppress(OSError):
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as file:
            json.dump(known, file)
        with suppress(OSError):
            owner = path.stat()
            os.chown(made, owner.st_uid, owner.st_gid)
        made.replace(marker)
