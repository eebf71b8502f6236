"""Copy a SQLite database while a bot uses it, and put such a copy in its place."""

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

from storage.database_file import free_name
from storage.engine import Store, open_store
from storage.errors import StoreError
from storage.filelock import create_private
from storage.schema import HEAD, migrate, schema_fault
from storage.sqlite import file_of

#: What is kept of a database that a restored one replaced.
REPLACED = ".replaced"
#: Marks what a restored database must not send again.
Mark = Callable[[Store], object]


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite database; `None` for PostgreSQL."""
    address = make_url(url)
    return file_of(address) if address.get_backend_name() == "sqlite" else None


def back_up(database: Path, copy: Path, mark: Mark) -> None:
    """Copy a database to a new file, which only its owner may read, and mark the copy.

    It may be in use meanwhile. Raises `StoreError` where the copy exists or cannot be written, and where the
    database is empty: its backup would be taken for one of what the bot had.
    """
    if not _tables(database):
        raise StoreError(f"{database} is empty: there is nothing to back up.")
    with _new_file(copy), closing(_connect(database)) as source:
        with closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        with closing(open_store(f"sqlite:///{copy}")) as store:
            if schema_fault(store) is None:  # else `restore` does, after it has brought it to head
                mark(store)
    copy.with_name(f"{copy.name}.lock").unlink()


def restore(database: Path, copy: Path) -> Path | None:
    """Replace a database that no bot uses by a copy, at this version's schema.

    Returns where the database before is kept; `None` where there was none. Raises `StoreError` where the copy
    is of no such database, or of a newer one, and `StoreInUse` while a bot uses the database.
    """
    _tables(copy)
    if database.exists() and copy.samefile(database):
        raise StoreError(f"{copy} is the database itself. Name a copy of it.")
    _require_revision(copy)
    kept = free_name(database, REPLACED) if database.exists() else None
    with closing(open_store(f"sqlite:///{database}")):
        if kept is not None:
            _keep(database, kept)
        with closing(_connect(copy)) as source, closing(sqlite3.connect(database)) as target:
            source.backup(target)
    migrate(f"sqlite:///{database}")
    return kept


def _keep(database: Path, kept: Path) -> None:
    """Copy a database to a new file; one that is damaged is moved there as it is, with its log."""
    try:
        with _new_file(kept), closing(_connect(database)) as source, closing(sqlite3.connect(kept)) as target:
            source.backup(target)
    except sqlite3.DatabaseError:
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                database.with_name(f"{database.name}{suffix}").rename(f"{kept}{suffix}")
        create_private(database)


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=30)


def _tables(file: Path) -> int:
    """Return how many tables and indexes a database has. Raises `StoreError` where it is none."""
    if file.is_dir():
        raise StoreError(f"{file} is a folder. Name a file in it.")
    if not file.is_file():
        raise StoreError(f"There is no file {file}.")
    if not os.access(file, os.R_OK):
        raise StoreError(f"{file} cannot be read (Permission denied). Run this as the user who runs the bot.")
    with closing(_connect(file)) as connection:
        try:
            [number] = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            return int(number)
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{file} cannot be read: {error}.") from error


def _require_revision(copy: Path) -> None:
    with closing(_connect(copy)) as connection:
        try:
            [revision] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except (sqlite3.DatabaseError, TypeError):
            raise StoreError(f"{copy} is not a backup of this bot's database. Nothing was changed.") from None
    if revision > HEAD:
        raise StoreError(
            f"{copy} is at revision {revision}, and this version of the bot reads up to {HEAD}. Nothing was changed."
        )


@contextmanager
def _new_file(file: Path) -> Generator[None]:
    """Create a file, and delete it where what follows fails."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise StoreError(f"{file} exists already. Move it away, or name another file.") from None
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror}.") from error
    try:
        yield
    except BaseException:
        file.unlink()
        raise
