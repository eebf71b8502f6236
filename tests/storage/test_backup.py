"""Back up a database: what is empty leaves no backup, which would be taken for one of what the bot had."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from storage.backup import back_up, restore
from storage.engine import open_store
from storage.errors import StoreError
from storage.schema import check_at_head, migrate


def test_an_empty_database_is_not_backed_up_and_can_be_migrated(tmp_path: Path) -> None:
    database, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    url = f"sqlite:///{database}"
    open_store(url).close()
    with pytest.raises(StoreError, match="is empty: there is nothing to back up"):
        back_up(database, copy, lambda _store: None)
    assert not copy.exists()
    migrate(url)
    back_up(database, copy, check_at_head)
    with closing(open_store(f"sqlite:///{copy}")) as store:
        check_at_head(store)


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    migrate(f"sqlite:///{database}")
    monkeypatch.setattr(os, "access", lambda path, _mode: path != database)  # who runs tests may read all
    told = r"bot\.db cannot be read \(Permission denied\)\. Run this as the user who runs the bot\."
    with pytest.raises(StoreError, match=told):
        back_up(database, copy, lambda _store: None)
    with pytest.raises(StoreError, match=told):
        restore(copy, database)
    assert not copy.exists()
