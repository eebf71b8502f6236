"""Store spikes with all that is known of them, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike, SpikeState
from storage.engine import Store
from tests.storage.made import DAY, NOW, SECOND

SPIKE = Spike(
    series=Series(SeriesKind.COMPONENT, "Card: payments"),
    since=NOW - timedelta(minutes=10),
    found_at=NOW,
    window=timedelta(minutes=10),
    count=41,
    expected=3.25,
    log_p=-40.5,
    related=(Series(SeriesKind.SITUATION, "rant"), Series(SeriesKind.CONVERSATION, "77")),
    alerted_count=40,
)
DISMISSED = replace(
    SPIKE,
    state=SpikeState.DISMISSED,
    ended_at=NOW + SECOND,
    dismissed_by="U1",
    dismissed_at=NOW + 2 * SECOND,
    channel="C1",
    ts="1.2",
    outage_id=4,
    attributed_by="U2",
    is_unfollowed=True,
)


def test_a_spike_comes_back_as_it_was_stored(store: Store) -> None:
    with store.unit_of_work() as uow:
        spike = uow.spikes.add(SPIKE)
        uow.spikes.save(replace(DISMISSED, id=spike.id))
    with store.unit_of_work() as uow:
        assert uow.spikes.get(spike.id) == replace(DISMISSED, id=spike.id)
        assert uow.spikes.get(spike.id + 1) is None
        with pytest.raises(LookupError):
            uow.spikes.save(SPIKE)


def test_spikes_are_listed_from_a_moment_on_and_pruned_once_they_are_over(store: Store) -> None:
    with store.unit_of_work() as uow:
        open_one = uow.spikes.add(SPIKE)
        older, newer = uow.spikes.add(DISMISSED), uow.spikes.add(replace(DISMISSED, found_at=NOW + DAY))
    with store.unit_of_work() as uow:
        assert uow.spikes.since(NOW) == [open_one, older, newer]
        assert uow.spikes.since(NOW + SECOND) == [newer]
        uow.spikes.prune(before=NOW + SECOND)
        assert uow.spikes.since(NOW) == [open_one, newer]
