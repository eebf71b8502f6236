"""Upgrade a database to version 18: posts are counted, and spikes are kept."""

from storage.engine import open_store
from tests.storage.revisions import to
from tests.storage.test_schema import differences


def test_counts_come_and_go_with_the_version(migrated_url: str) -> None:
    store = open_store(migrated_url)
    to(store, "0017")
    to(store, "head")
    with store.unit_of_work() as uow:
        uow.arrivals.save_counts(7, {"situation:rant": 3})
        uow.arrivals.save_counts(7, {"situation:rant": 4})
        assert uow.arrivals.histories(since=0) == {"situation:rant": {7: 4}}
    to(store, "0017")
    to(store, "head")
    with store.unit_of_work() as uow:
        assert uow.arrivals.last_hour() is None
        assert uow.spikes.get(1) is None
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
