"""Stop a bulk answer of many: the press is short, nothing leaves afterwards, and the rest is taken back."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest

from adapters.slack.boards.outage_cases import case_blocks
from domain.cases.messages import Delivery
from domain.delivery.effects import SendLinkedAnswer
from domain.delivery.outage_effects import AnswerLinkedCase
from domain.delivery.pacing import Pace
from domain.errors import Refused
from domain.outages.bulk_answers import BulkAnswer, BulkState, RowState
from domain.records.audit import Action
from handlers.desk import Desk
from handlers.outages import stopping
from handlers.outages.stopping import bulks_to_take_back, take_back_rest
from handlers.outages.views import view_board
from handlers.timers.outage_links import EVER, STOPPED_LATELY, StoppedAnswers, outage_link_timers
from storage.bulk_answers import BulkAnswers
from storage.cases import Cases
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.made import audit_actions, do, networks
from tests.handlers.outages.made import ListDestination, a_resolution, destinations, sent
from tests.handlers.outages.test_bulk_answers import rows, start
from tests.handlers.outages.test_links import WHERE
from tests.handlers.outages.test_stopping import World


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "TAKEN_BACK_AT_ONCE", 1)


def board(world: World) -> str:
    moment, where = world.clock.moment, destinations(page=ListDestination())
    view = do(world.store, view_board, outage_id=world.outage_id, destinations=where, now=moment)
    return str(case_blocks(view))


async def test_one_transaction_takes_back_some_and_the_board_says_that_the_rest_is_coming(
    store: Store, desk: Desk
) -> None:
    world = World(store, desk)
    await world.deliver()
    assert world.stop() == 4
    view = world.view()
    assert view.bulk.state is BulkState.ABORTED
    assert (view.progress, view.taking_back) == (
        {Delivery.SENT: 1, Delivery.QUEUED: 3, RowState.SKIPPED: 1},
        3,
    )
    assert "3 being taken back, not sent" in board(world)
    assert "on the way" not in board(world)

    def rest() -> int:
        taken = do(store, take_back_rest, bulk_id=world.bulk_id, now=world.clock.moment)
        return taken.number

    assert do(store, bulks_to_take_back, since=EVER) == [world.bulk_id]
    assert [rest() for _ in range(4)] == [1, 1, 1, 0]
    assert do(store, bulks_to_take_back, since=EVER) == []
    assert world.view().progress == {Delivery.SENT: 1, RowState.SKIPPED: 4}
    assert "taken back" not in board(world)
    taken = [message.case_id for message in world.answers() if message.delivery is Delivery.FAILED]
    assert len(taken) == 4
    for case_id in taken:
        actions = [action for _, action, _ in audit_actions(store, case_id)]
        assert actions.count(Action.REPLY_CANCELLED) == 1


async def test_nobody_is_left_out_of_a_new_answer_because_the_old_one_is_not_taken_back_yet(
    store: Store, desk: Desk
) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    with pytest.raises(Refused, match="still being taken back"):
        start(store, world.outage_id, "again")
    while do(store, take_back_rest, bulk_id=world.bulk_id, now=world.clock.moment).number:
        pass
    again = start(store, world.outage_id, "again")
    assert len(rows(store, again)) == 4


async def test_nothing_leaves_before_it_is_taken_back(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    await world.until_all_left()
    assert len(world.network.took) == 1
    assert world.view().progress == {Delivery.SENT: 1, RowState.SKIPPED: 4}


async def test_a_timer_takes_back_the_rest(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    ctx = a_context(desk, clock=world.clock, networks=networks(world.network))
    [timer] = [one for one in outage_link_timers(ctx) if one.name.startswith("take back")]
    await timer.callback()
    assert world.view().progress == {Delivery.SENT: 1, RowState.SKIPPED: 4}


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The cases that are locked from now on."""
    ids: set[int] = set()
    lock = Cases.lock

    def record(self: Cases, case_ids: Collection[int]) -> None:
        ids.update(case_ids)
        lock(self, case_ids)

    monkeypatch.setattr(Cases, "lock", record)
    return ids


async def test_one_transaction_locks_the_cases_that_it_takes_back_alone(
    store: Store, desk: Desk, locked: set[int]
) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    waiting = [message for message in world.answers() if message.delivery is Delivery.QUEUED]
    locked.clear()
    taken = do(store, take_back_rest, bulk_id=world.bulk_id, now=world.clock.moment)
    assert (taken.number, locked) == (1, {waiting[0].case_id})


async def test_who_stops_it_locks_the_cases_that_are_taken_back_at_once_alone(
    store: Store, desk: Desk, locked: set[int]
) -> None:
    world = World(store, desk)
    await world.deliver()
    waiting = [message for message in world.answers() if message.delivery is Delivery.QUEUED]
    locked.clear()
    assert world.stop() == 4
    assert locked == {waiting[0].case_id}


async def test_a_resolution_locks_the_cases_whose_answers_it_takes_back_at_once_alone(
    store: Store, desk: Desk, locked: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.outages.release.FOLLOWED_AT_ONCE", 0)
    world = World(store, desk)
    await world.deliver()
    waiting = [message for message in world.answers() if message.delivery is Delivery.QUEUED]
    resolution = a_resolution(store, world.outage_id)
    locked.clear()
    sent(store, resolution, WHERE)
    assert locked == {waiting[0].case_id}
    assert world.view().taking_back == 3
    await world.until_all_left()
    assert len(world.network.took) == 1


async def test_an_answer_that_is_being_sent_is_not_counted_as_taken_back(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "TAKEN_BACK_AT_ONCE", 4)
    world = World(store, desk)
    await world.deliver()
    claim_next(world)
    assert world.stop() == 3
    assert world.view().progress == {Delivery.SENT: 1, Delivery.QUEUED: 1, RowState.SKIPPED: 3}


@pytest.mark.parametrize("at_once", [2, 1_000])
def test_the_next_bulk_answer_does_not_wait_for_those_who_are_not_answered(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Each would take a turn of the network's pace, and do nothing: an hour, for 400 customers."""
    monkeypatch.setattr(stopping, "_KEYS_AT_ONCE", at_once)
    world = World(store, desk)
    assert world.stop() == 5
    again = {row.id for row in rows(store, start(store, world.outage_id, "again"))}
    with store.unit_of_work() as uow:
        claimed = uow.outbox.claim(
            now=world.clock.moment,
            lease=timedelta(minutes=1),
            owner="me",
            limit=99,
            paces=lambda name: Pace(timedelta(minutes=10)) if name.startswith("bulk:") else None,
        )
    answered = [job.effect.row_id for job in claimed if isinstance(job.effect, AnswerLinkedCase)]
    assert len(answered) == 1
    assert set(answered) <= again


def claim_next(world: World) -> None:
    """Claim the next answer for another copy, as if that was sending it."""
    soon, minutes = world.clock.moment + timedelta(minutes=10), timedelta(minutes=10)
    with world.store.unit_of_work() as uow:
        claimed = uow.outbox.claim(
            now=soon, lease=minutes, owner="another copy", limit=99, paces=lambda _: Pace(minutes)
        )
    assert [job.effect.kind for job in claimed].count(SendLinkedAnswer.kind) == 1


async def test_an_answer_that_is_being_sent_does_not_keep_the_others(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    claim_next(world)
    ctx = a_context(desk, clock=world.clock, networks=networks(world.network))
    await StoppedAnswers(ctx).take_back()
    assert world.view().progress == {Delivery.SENT: 1, Delivery.QUEUED: 1, RowState.SKIPPED: 3}


async def test_old_stops_are_read_once(store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    world.clock.advance(seconds=(STOPPED_LATELY * 2).total_seconds())
    ctx = a_context(desk, clock=world.clock, networks=networks(world.network))
    assert do(store, bulks_to_take_back, since=world.clock.moment - STOPPED_LATELY) == []
    stopped = StoppedAnswers(ctx)
    await stopped.take_back()
    assert world.view().progress == {Delivery.SENT: 1, RowState.SKIPPED: 4}
    asked: list[datetime] = []

    def record(_self: BulkAnswers, *, since: datetime) -> list[BulkAnswer]:
        asked.append(since)
        return []

    monkeypatch.setattr(BulkAnswers, "stopping", record)
    await stopped.take_back()
    assert asked == [world.clock.moment - STOPPED_LATELY]


async def test_an_answer_that_is_written_while_who_stops_it_waits_is_taken_back_later(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its case is not locked, so it is not written to. Without any other one they are stopped, too."""
    world = World(store, desk)
    await world.deliver()
    assert world.view().bulk.state is BulkState.DONE
    monkeypatch.setattr(BulkAnswers, "stoppable_cases", lambda *_given, **_more: [])
    assert world.stop() == 4
    view = world.view()
    assert (view.bulk.state, view.progress, view.taking_back) == (
        BulkState.ABORTED,
        {Delivery.SENT: 1, Delivery.QUEUED: 4},
        4,
    )
    await world.until_all_left()
    assert len(world.network.took) == 1
