"""Tell a file that was deleted, replaced, damaged or emptied from ours, and lose nothing of it."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from domain.operations.storage_faults import StorageFault
from storage.backup import back_up, restore
from storage.database_file import check_backup, last_backup, record_backup
from storage.diagnostics import check_database
from storage.engine import Store, open_store
from storage.errors import StoreError
from storage.schema import create_if_empty, migrate
from tests.storage.made import NOW, stored


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


def opened(path: Path) -> Store:
    store = open_store(f"sqlite:///{path}")
    try:
        create_if_empty(store)
    except StoreError:
        store.close()
        raise
    return store


def count_cases(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM cases").fetchone()[0])


def damage(path: Path) -> None:
    """Overwrite all pages but the first with something else."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


@pytest.mark.parametrize("fault", [StorageFault.MISSING, StorageFault.REPLACED])
def test_what_a_deleted_or_replaced_file_held_is_saved_and_can_be_restored(
    path: Path, fault: StorageFault
) -> None:
    store = opened(path)
    stored(store)
    assert store.file is not None
    assert store.file.fault() is None
    path.unlink()
    if fault is StorageFault.REPLACED:
        path.write_bytes(b"")
    assert store.file.fault() is fault
    store.close()
    rescued = path.with_name("bot.db.rescued")
    assert (count_cases(rescued), stat.S_IMODE(rescued.stat().st_mode)) == (1, 0o600)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    restore(path, rescued)
    assert count_cases(path) == 1


def test_a_file_that_is_suddenly_empty_is_refused_until_it_is_restored(path: Path, tmp_path: Path) -> None:
    opened(path).close()
    copy = tmp_path / "backup.db"
    back_up(path, copy, lambda _store: None)
    record_backup(path, copy, NOW)
    path.unlink()
    for start in (lambda: opened(path), lambda: migrate(f"sqlite:///{path}")):
        with pytest.raises(StoreError, match=r"empty or gone.*bot.py restore FILE.*backup\.db"):
            start()
    restore(path, copy)
    opened(path).close()


@pytest.mark.parametrize("spoil", [Path.mkdir, Path.touch], ids=["unreadable", "half written"])
def test_a_start_does_without_what_is_kept_beside_the_file_but_not_without_the_file(
    path: Path, spoil: Callable[[Path], None]
) -> None:
    opened(path).close()
    kept = path.with_name("bot.db.known")
    kept.unlink()
    spoil(kept)
    opened(path).close()
    path.unlink()
    with pytest.raises(StoreError, match="empty or gone"):
        opened(path)


def test_a_backup_that_another_user_makes_leaves_nothing_that_the_bot_cannot_read(path: Path) -> None:
    path.touch()
    if os.geteuid() == 0:
        os.chown(path, 1234, 1234)
    record_backup(path, path, NOW)
    assert path.with_name("bot.db.known").stat().st_uid == path.stat().st_uid
    assert last_backup(path) == (NOW, str(path))


@pytest.mark.parametrize("length", [1, 50])
def test_a_file_too_short_for_a_database_is_refused_and_kept(path: Path, length: int) -> None:
    path.write_bytes(b"x" * length)
    with pytest.raises(
        StoreError, match=rf"no database: it has {length} of the 100 bytes.*move this one away"
    ):
        opened(path)
    assert path.read_bytes() == b"x" * length


def test_a_damaged_file_is_refused_and_restoring_keeps_it_aside(path: Path, tmp_path: Path) -> None:
    store = opened(path)
    stored(store)
    store.close()
    copy = tmp_path / "backup.db"
    back_up(path, copy, lambda _store: None)
    damage(path)
    with pytest.raises(StoreError, match=r"damaged.*bot.py restore FILE"):
        opened(path)
    assert restore(path, copy) == path.with_name("bot.db.replaced")
    opened(path).close()
    assert count_cases(path) == 1


def test_a_second_restore_keeps_what_the_first_one_kept(path: Path, tmp_path: Path) -> None:
    """Also one that takes back the first: what it restores is what the first one kept."""
    store = opened(path)
    stored(store)
    store.close()
    empty = tmp_path / "empty.db"
    opened(empty).close()
    first = restore(path, empty)
    assert first is not None
    assert count_cases(path) == 0
    second = restore(path, first)
    assert (first.name, second and second.name) == ("bot.db.replaced", "bot.db.replaced-2")
    assert [count_cases(one) for one in (path, first, path.with_name("bot.db.replaced-2"))] == [1, 1, 0]
    damage(path)
    third = restore(path, first)
    assert third == path.with_name("bot.db.replaced-3")
    assert count_cases(path) == 1
    with pytest.raises(StoreError, match="the database itself"):
        restore(path, path)
    assert {one.stat().st_mode & 0o777 for one in tmp_path.glob("bot.db.replaced*")} == {0o600}


def test_check_says_how_old_the_last_backup_is(path: Path, tmp_path: Path) -> None:
    assert "none is known" in check_backup(path, NOW).detail
    copy = tmp_path / "backup.db"
    copy.touch()
    record_backup(path, copy, NOW)
    line = check_backup(path, NOW + timedelta(hours=5))
    assert (line.ok, "5 h ago" in line.detail) == (True, True)
    line = check_backup(path, NOW + timedelta(days=9))
    assert (line.ok, "9 days ago" in line.detail, "backup" in line.remedy) == (None, True, True)


def test_a_damaged_file_is_called_damaged_and_not_out_of_reach(tmp_path: Path) -> None:
    file = tmp_path / "kept.db"
    file.write_bytes(b"no database " * 400)
    line = check_database(f"sqlite:///{file}")
    assert (line.ok, "is damaged" in line.detail, "restore FILE" in line.detail) == (False, True, True)
    assert file.read_bytes().startswith(b"no database "), "nothing was changed"
