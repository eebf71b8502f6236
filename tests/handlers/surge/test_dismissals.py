"""Take back that a spike is no outage, on both databases."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from domain.errors import DeskError
from domain.records.audit import Action
from domain.surge.baseline import hour_number
from domain.surge.spikes import Spike, SpikeState, required_log_p
from handlers.surge.counting import load_histories, read_recent
from handlers.surge.spikes import (
    GOES_ON_FOR,
    AlreadyDismissed,
    NotDismissed,
    SpikeGone,
    dismiss_spike,
    restore_spike,
)
from storage.engine import Store
from storage.tables import audit
from tests.handlers.made import MINUTE, NOW, arrive, do, queued
from tests.handlers.outages.test_lock_order import HEAD_START
from tests.handlers.surge.made import SITUATION, customer_posts, detect, spikes_of, watch_of

SAM, MIA = "U0SAM", "U0MIA"


def _dismissed(store: Store, *, after: timedelta = MINUTE) -> Spike:
    arrive(store, *customer_posts(20))
    watch = watch_of(store)
    detect(store, watch)
    detect(store, watch, now=NOW + after)
    [spike] = spikes_of(store)
    now = NOW + after + MINUTE
    dismissed: Spike = do(store, dismiss_spike, spike_id=spike.id, user_id=SAM, now=now)
    return dismissed


def test_what_was_said_by_mistake_is_taken_back(store: Store) -> None:
    dismissed = _dismissed(store)
    do(store, restore_spike, spike_id=dismissed.id, user_id=MIA, now=NOW + 3 * MINUTE)
    [spike] = spikes_of(store)
    assert (spike.state, spike.ended_at) == (SpikeState.OPEN, None)
    assert (spike.dismissed_by, spike.dismissed_at) == (None, None)
    assert {"spike_id": spike.id} in [row["payload"] for row in queued(store, "update_spike")]
    with store.engine.connect() as connection:
        entries = connection.execute(audit.select().order_by(audit.c.id)).all()
    said = [(one.actor, one.action, one.detail["spike"]) for one in entries if "spike" in one.detail]
    assert said == [(SAM, Action.SPIKE_DISMISSED, spike.id), (MIA, Action.SPIKE_RESTORED, spike.id)]


def test_it_teaches_nothing_then(store: Store) -> None:
    with store.unit_of_work() as uow:
        for hour in range(hour_number(NOW) - 4 * 168, hour_number(NOW)):
            uow.arrivals.save_counts(hour, {SITUATION.key: 2})
    dismissed = _dismissed(store)
    assert required_log_p([dismissed], now=NOW) != {}
    assert hour_number(NOW) - 1 in do(store, load_histories, now=NOW)[SITUATION.key]
    do(store, restore_spike, spike_id=dismissed.id, user_id=SAM, now=NOW + 3 * MINUTE)
    assert required_log_p(spikes_of(store), now=NOW) == {}
    assert hour_number(NOW) - 1 not in do(store, load_histories, now=NOW)[SITUATION.key]


def test_it_is_followed_again_until_it_is_over(store: Store) -> None:
    dismissed = _dismissed(store)
    do(store, restore_spike, spike_id=dismissed.id, user_id=SAM, now=NOW + 3 * MINUTE)
    later = NOW + 50 * MINUTE
    detect(store, watch_of(store, now=later), now=later)
    [spike] = spikes_of(store)
    assert (spike.state, spike.ended_at) == (SpikeState.ENDED, later)
    assert len(queued(store, "post_spike")) == 1


def test_one_that_was_over_stays_over(store: Store) -> None:
    dismissed = _dismissed(store, after=40 * MINUTE)
    assert dismissed.ended_at == NOW + 40 * MINUTE
    do(store, restore_spike, spike_id=dismissed.id, user_id=SAM, now=NOW + 41 * MINUTE)
    do(store, dismiss_spike, spike_id=dismissed.id, user_id=SAM, now=NOW + 45 * MINUTE)
    do(store, restore_spike, spike_id=dismissed.id, user_id=SAM, now=NOW + 46 * MINUTE)
    [spike] = spikes_of(store)
    assert (spike.state, spike.ended_at) == (SpikeState.ENDED, NOW + 40 * MINUTE)


def test_one_that_was_dismissed_long_ago_does_not_go_on(store: Store) -> None:
    dismissed = _dismissed(store)
    now = NOW + 2 * MINUTE + GOES_ON_FOR + MINUTE
    do(store, restore_spike, spike_id=dismissed.id, user_id=SAM, now=now)
    [spike] = spikes_of(store)
    assert (spike.state, spike.ended_at) == (SpikeState.ENDED, NOW + 2 * MINUTE)
    assert spike.is_end_unknown
    assert required_log_p([spike], now=now) == {}


def test_one_that_nobody_followed_to_its_end_stays_so_whoever_changes_their_mind_again(store: Store) -> None:
    dismissed = _dismissed(store)
    late = NOW + 2 * MINUTE + GOES_ON_FOR + MINUTE
    for minute in (0, 10):
        at = late + minute * MINUTE
        do(store, restore_spike, spike_id=dismissed.id, user_id=SAM, now=at)
        [spike] = spikes_of(store)
        assert (spike.state, spike.ended_at) == (SpikeState.ENDED, NOW + 2 * MINUTE)
        assert spike.is_end_unknown, f"{minute} minutes after it was taken back for the first time"
        do(store, dismiss_spike, spike_id=dismissed.id, user_id=MIA, now=at + MINUTE)
        [spike] = spikes_of(store)
        assert not spike.is_end_unknown, "somebody says that it is none, which is what its alert shows"


def test_one_whose_posts_have_another_alert_does_not_go_on_beside_it(store: Store) -> None:
    dismissed = _dismissed(store)
    later = NOW + 20 * MINUTE
    arrive(store, *customer_posts(120, until=later, minutes=10, first=100), now=later)
    watch = watch_of(store, now=later)
    watch.add(do(store, read_recent, now=later)[0])
    detect(store, watch, now=later)
    do(store, restore_spike, spike_id=dismissed.id, user_id=SAM, now=later)
    assert [one.state for one in spikes_of(store)] == [SpikeState.ENDED, SpikeState.OPEN]


def test_what_nobody_said_cannot_be_taken_back(store: Store) -> None:
    dismissed = _dismissed(store)
    do(store, restore_spike, spike_id=dismissed.id, user_id=SAM, now=NOW + 3 * MINUTE)
    with pytest.raises(NotDismissed):
        do(store, restore_spike, spike_id=dismissed.id, user_id=MIA, now=NOW + 3 * MINUTE)
    with pytest.raises(SpikeGone):
        do(store, restore_spike, spike_id=999, user_id=MIA, now=NOW + 3 * MINUTE)


@pytest.mark.parametrize("is_dismissed", [False, True])
def test_of_two_who_press_at_once_the_later_is_told_so(store: Store, is_dismissed: bool) -> None:
    spike = _dismissed(store)
    if not is_dismissed:
        do(store, restore_spike, spike_id=spike.id, user_id=SAM, now=NOW + 2 * MINUTE)
    act = restore_spike if is_dismissed else dismiss_spike
    now = NOW + 3 * MINUTE
    with ThreadPoolExecutor(1) as thread:
        with store.unit_of_work() as uow:
            act(uow, spike_id=spike.id, user_id=SAM, now=now)
            other = thread.submit(lambda: do(store, act, spike_id=spike.id, user_id=MIA, now=now))
            time.sleep(HEAD_START if store.workers > 1 else 0)
        with pytest.raises(DeskError) as told:
            other.result(30)
    assert isinstance(told.value, NotDismissed if is_dismissed else AlreadyDismissed)
    assert "Somebody was first" in str(told.value)
    with store.engine.connect() as connection:
        actors = [one.actor for one in connection.execute(audit.select().order_by(audit.c.id)).all()]
    assert actors[-1] == SAM
    assert MIA not in actors
