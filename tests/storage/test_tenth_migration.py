"""Upgrade a database to version 10: calls of the language model are kept, and go with the version."""

from domain.model_calls import Spend
from storage.engine import open_store
from tests.storage.made import NOW
from tests.storage.revisions import to
from tests.storage.test_model_calls import CALL
from tests.storage.test_schema import differences


def test_calls_come_and_go_with_the_version(migrated_url: str) -> None:
    store = open_store(migrated_url)
    to(store, "0006")
    to(store, "head")
    with store.unit_of_work() as uow:
        uow.model_calls.add(CALL, at=NOW)
        assert uow.model_calls.spend(since=NOW).calls == 1
    to(store, "0006")
    to(store, "head")
    with store.unit_of_work() as uow:
        assert uow.model_calls.spend(since=NOW) == Spend()
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
