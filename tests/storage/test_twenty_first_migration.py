"""Upgrade a database to version 21: the e-mail list comes and goes with it."""

from storage.engine import open_store
from tests.storage.revisions import to
from tests.storage.test_schema import differences
from tests.storage.test_subscribers import a_subscriber


def test_subscribers_come_and_go_with_the_version(migrated_url: str) -> None:
    store = open_store(migrated_url)
    with store.unit_of_work() as uow:
        uow.subscribers.add_many([a_subscriber()])
    to(store, "0020")
    to(store, "head")
    with store.unit_of_work() as uow:
        assert list(uow.subscribers.all()) == []
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
