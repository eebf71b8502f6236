"""Upgrade a database to version 23: spikes stay, and get the outage that they come from."""

from dataclasses import replace

from storage.engine import open_store
from tests.storage.revisions import to
from tests.storage.test_schema import differences
from tests.storage.test_spikes import DISMISSED


def test_spikes_stay_without_their_outage_when_the_version_goes(migrated_url: str) -> None:
    store = open_store(migrated_url)
    with store.unit_of_work() as uow:
        spike = uow.spikes.add(DISMISSED)
    to(store, "0022")
    to(store, "head")
    with store.unit_of_work() as uow:
        assert uow.spikes.get(spike.id) == replace(
            spike, outage_id=None, attributed_by=None, is_unfollowed=False
        )
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
