"""Upgrade a database to version 22: which posts are quoted is kept."""

from storage.engine import open_store
from tests.storage.made import HERE, a_message, stored
from tests.storage.revisions import to
from tests.storage.test_schema import differences


def test_quotes_come_and_go_with_the_version(migrated_url: str) -> None:
    store = open_store(migrated_url)
    to(store, "0021")
    to(store, "head")
    case = stored(store)[0]
    with store.unit_of_work() as uow:
        [message] = uow.messages.add_many([a_message(case.id)], network=HERE[0], account_id=HERE[1])
        uow.arrivals.add_quotes({message.id: "77"})
        uow.arrivals.add_quotes({})
        [arrival] = uow.arrivals.after(message.id - 1, limit=5)
        assert "77" in arrival.conversations
    to(store, "0021")
    to(store, "head")
    with store.unit_of_work() as uow:
        [arrival] = uow.arrivals.after(message.id - 1, limit=5)
        assert "77" not in arrival.conversations
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
