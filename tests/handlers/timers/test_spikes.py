"""Look for spikes by the timer: what it reads, when it learns, and that a new copy goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from domain.surge.series import SeriesKind
from domain.surge.spikes import SpikeState
from domain.triage.situations import Situation
from handlers.desk import Desk
from handlers.timers.maintenance import maintenance_timers
from handlers.timers.spikes import SpikeDetector, spike_timers
from storage.engine import Store
from storage.tables import messages
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import NOW, POLICY, THANKS, a_post, arrive, networks, queued
from tests.handlers.surge.made import customer_posts, spikes_of
from tests.handlers.timers.test_mentions import Network


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def detector(desk: Desk, clock: ManualClock) -> SpikeDetector:
    return SpikeDetector(a_context(desk, clock=clock, networks=networks(Network())))


async def test_posts_that_come_between_two_looks_are_found(
    store: Store, detector: SpikeDetector, clock: ManualClock
) -> None:
    await detector.run()
    assert spikes_of(store) == []
    arrive(store, *customer_posts(20))
    clock.advance(seconds=20)
    await detector.run()
    await detector.run()
    [spike] = spikes_of(store)
    assert spike.series.subject == Situation.CANNOT_PAY.value
    assert len(queued(store, "post_spike")) == 1


async def test_posts_that_come_during_a_look_are_counted_by_a_later_one(
    store: Store, detector: SpikeDetector, clock: ManualClock
) -> None:
    soon = NOW + timedelta(seconds=15)
    arrive(store, *customer_posts(20, until=soon, minutes=0.2), now=soon)
    await detector.run()
    assert spikes_of(store) == []
    clock.advance(seconds=20)
    await detector.run()
    [spike] = spikes_of(store)
    assert spike.count == 20


async def test_between_the_readings_of_all_that_is_new_only_what_came_is_looked_at(
    store: Store, desk: Desk, detector: SpikeDetector, clock: ManualClock
) -> None:
    await detector.run()
    ran: list[str] = []
    desk.on_ran = lambda name, _seconds: ran.append(name)
    clock.advance(seconds=5)
    await detector.run()
    assert ran == ["read_new"]
    arrive(store, *customer_posts(20))
    clock.advance(seconds=5)
    await detector.run()
    assert len(spikes_of(store)) == 1
    ran.clear()
    clock.advance(seconds=10)
    await detector.run()
    assert ran == ["read_new", "detect_spikes"]


async def test_posts_whose_transaction_ends_late_are_found_with_the_next_reading(
    postgres: Store, clock: ManualClock
) -> None:
    desk = Desk(postgres)
    detector = SpikeDetector(a_context(desk, clock=clock, networks=networks(Network())))
    arrive(postgres, *customer_posts(1))
    await detector.run()
    with postgres.engine.connect() as late, late.begin():
        row = late.execute(select(messages)).one()._asdict()
        del row["id"]
        for number in range(10):
            other = {"author_id": f"late{number}", "external_id": f"late{number}"}
            late.execute(insert(messages).values(row | other))
        arrive(postgres, *customer_posts(1, first=50))
        clock.advance(seconds=5)
        await detector.run()
    clock.advance(seconds=5)
    await detector.run()
    assert spikes_of(postgres) == []
    clock.advance(seconds=10)
    await detector.run()
    [spike] = spikes_of(postgres)
    assert spike.count == 12
    desk.close()


async def test_another_copy_goes_on_where_one_ended(
    store: Store, desk: Desk, detector: SpikeDetector, clock: ManualClock
) -> None:
    arrive(store, *customer_posts(20))
    await detector.run()
    other = SpikeDetector(a_context(desk, clock=clock, networks=networks(Network())))
    await other.run()
    clock.advance(seconds=2_400)
    await other.run()
    [spike] = spikes_of(store)
    assert spike.state is SpikeState.ENDED
    assert len(queued(store, "post_spike")) == len(queued(store, "update_spike")) == 1


async def test_many_who_answer_or_quote_one_post_are_found(store: Store, detector: SpikeDetector) -> None:
    """Praise is not watched, and neither the posts' situation nor their words tell that they answer one."""
    answers = [
        replace(post, text=THANKS, in_reply_to_id="77", conversation_id="77") for post in customer_posts(10)
    ]
    quotes = [replace(post, text=THANKS, quoted_id="77") for post in customer_posts(10, first=50)]
    arrive(store, *answers, *quotes)
    await detector.run()
    [spike] = spikes_of(store)
    assert (spike.series.kind, spike.series.subject) == (SeriesKind.CONVERSATION, "77")
    assert spike.count == 20


async def test_hours_are_counted_when_they_are_over(
    store: Store, detector: SpikeDetector, clock: ManualClock
) -> None:
    arrive(store, a_post(created_at=NOW - timedelta(hours=5)), now=NOW)
    await detector.run()
    with store.unit_of_work() as uow:
        first = uow.arrivals.last_hour()
    clock.advance(seconds=2 * 3_600)
    arrive(store, a_post("905", created_at=clock.moment), now=clock.moment)
    await detector.run()
    with store.unit_of_work() as uow:
        assert uow.arrivals.last_hour() == (first or 0) + 2
        assert sum(uow.arrivals.histories(since=0)["network:x"].values()) == 1


def test_the_settings_can_switch_it_off(desk: Desk) -> None:
    silent = a_context(desk, policy=replace(POLICY, spike_false_alarms=0.0))
    assert spike_timers(silent) == []
    assert "look for spikes" in {timer.name for timer in maintenance_timers(a_context(desk))}
