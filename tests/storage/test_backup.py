"""Back up a database: what is empty leaves no backup, which would be taken for one of what the bot had."""

from contextlib import closing
from pathlib import Path

import pytest

from storage.backup import back_up
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
