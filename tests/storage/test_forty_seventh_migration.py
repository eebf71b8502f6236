"""Upgrade a database to version 47: which spikes nobody followed to their end is stored."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from domain.surge.spikes import Spike, SpikeState
from storage.engine import Store, open_store
from storage.surge_tables import spikes
from tests.storage.made import NOW, SECOND
from tests.storage.revisions import to
from tests.storage.test_schema import differences
from tests.storage.test_spikes import DISMISSED, SPIKE

ENDED = replace(SPIKE, state=SpikeState.ENDED, ended_at=NOW + SECOND)
SAID_OPEN = replace(DISMISSED, ended_at=DISMISSED.dismissed_at, is_unfollowed=True)
SAID_OVER = replace(DISMISSED, is_unfollowed=False)
#: Dismissed while it went on and taken back too late.
TAKEN_BACK = replace(ENDED, is_unfollowed=True)


def test_those_that_were_dismissed_while_they_went_on_are_known(migrated_url: str) -> None:
    store = open_store(migrated_url)
    with store.unit_of_work() as uow:
        known = [uow.spikes.add(one) for one in (SPIKE, ENDED, SAID_OPEN, SAID_OVER, TAKEN_BACK)]
    to(store, "0046")
    to(store, "head")
    assert _stored(store) == known
    store.close()


def test_the_mark_of_the_version_before_is_read(migrated_url: str) -> None:
    """It had the moment at which the spike was dismissed beside the state that it is over."""
    store = open_store(migrated_url)
    with store.unit_of_work() as uow:
        spike = uow.spikes.add(ENDED)
    with store.engine.begin() as connection:
        connection.execute(update(spikes).values(dismissed_at=NOW + timedelta(minutes=1)))
    to(store, "0046")
    to(store, "head")
    [stored] = _stored(store)
    assert stored == replace(spike, is_unfollowed=True)
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()


def _stored(store: Store) -> list[Spike]:
    with store.unit_of_work() as uow:
        return list(uow.spikes.since(NOW))
