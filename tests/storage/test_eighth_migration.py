"""Upgrade a database to version 8: it can keep saved replies, and go back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import inspect

from domain.knowledge.saved_replies import ReplyChange
from storage.engine import Store, open_store
from tests.replies import a_reply
from tests.storage.made import NOW
from tests.storage.revisions import to


@pytest.fixture
def old(migrated_url: str) -> Iterator[Store]:
    """A database before version 8."""
    store = open_store(migrated_url)
    to(store, "0008")
    to(store, "-1")
    yield store
    store.close()


def test_a_database_of_before_can_keep_saved_replies(old: Store) -> None:
    with old.engine.connect() as connection:
        assert not inspect(connection).has_table("saved_replies")
    to(old, "head")
    with old.unit_of_work() as uow:
        assert uow.saved_replies.add(a_reply(change=ReplyChange.CREATED, by="U0SAM", at=NOW))
