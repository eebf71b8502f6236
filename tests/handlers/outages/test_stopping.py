"""Stop a bulk answer: what waits to be sent is taken back, and what has left or may have arrived is not."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.cases.messages import Delivery, Message
from domain.delivery.effects import EFFECTS, SendLinkedAnswer
from domain.delivery.outage_effects import AnswerLinkedCase, UpdateBoard
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later, Outcome, Unknown
from domain.delivery.pacing import Pace
from domain.errors import Refused
from domain.outages.bulk_answers import BulkState, BulkView, RowState, SkipReason
from domain.outages.lifecycle import Actor, RightMissing
from domain.records.audit import SYSTEM, Action
from handlers.delivery.loop import Delivery as Loop
from handlers.delivery.loop import Dispatcher
from handlers.delivery.performers import performers
from handlers.desk import Desk
from handlers.outages.bulk_answers import answer_row, bulk_views
from handlers.outages.pauses import pause_sending, resume_sending
from handlers.outages.stopping import abort_bulk_answer
from handlers.replies.retries import retry_reply
from storage.engine import Store
from tests.handlers.context import RULES, a_context
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, turn
from tests.handlers.made import NOW, SAM, audit_actions, case_of, do, messages, networks
from tests.handlers.outages.made import (
    MIA_MAY,
    SAM_MAY,
    ListDestination,
    a_resolution,
    destinations,
    sent,
)
from tests.handlers.outages.test_bulk_answers import PEOPLE, linked, plan, rows, start
from tests.handlers.outages.test_lock_order import HEAD_START
from tests.handlers.outages.test_races import meanwhile

MIA = MIA_MAY.user_id
RATE_LIMIT = Later("X takes no more for now", wait=timedelta(minutes=15), pause_destination=True)


class Network:
    """A network that keeps what it gets; `outcomes` and `findings` come first."""

    def __init__(self) -> None:
        self.took = list[str]()
        self.outcomes, self.findings = list[Outcome](), list[Finding]()

    async def reply(self, text: str, _post_id: str, *, unnotified: Sequence[str]) -> Outcome:  # noqa: ARG002
        if self.outcomes:
            return self.outcomes.pop(0)
        self.took.append(text)
        return Done({"id": f"r{len(self.took)}", "url": None})

    async def find_reply(self, _account: object, _text: str, _post_id: str, _since: datetime) -> Finding:
        return self.findings.pop(0) if self.findings else Absent()


class World:
    """A bulk answer that is delivered to a network which takes an answer every ten minutes."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self.store, self.clock, self.network = store, ManualClock(), Network()
        real = performers(a_context(desk, clock=self.clock, networks=networks(self.network)))
        kinds = (AnswerLinkedCase.kind, SendLinkedAnswer.kind)
        self._others = ScriptedPerformer()
        scripted = dict.fromkeys(EFFECTS, self._others)
        dispatcher = Dispatcher(
            performers={**scripted, **{kind: real[kind] for kind in kinds}}, paces=_paces, owner="me"
        )
        self._loop = Loop(desk, dispatcher, self.clock, sole_worker=False)
        self.outage_id = linked(store)
        self.bulk_id = start(store, self.outage_id)

    async def deliver(self, **later: float) -> None:
        self.clock.advance(**later)
        while await turn(self._loop):
            pass

    async def until_all_left(self) -> None:
        for _ in range(12):
            await self.deliver(minutes=10)

    def stop(self) -> int:
        return do(self.store, abort_bulk_answer, bulk_id=self.bulk_id, actor=MIA_MAY, now=self.clock.moment)

    def view(self) -> BulkView:
        return do(self.store, bulk_views, self.outage_id)[0]

    def board_updates(self) -> int:
        return self._others.performed.count(UpdateBoard(self.outage_id).key)

    def answers(self) -> list[Message]:
        """Return our answers, in the order of the rows; those who were not answered have none."""
        ids = [row.message_id for row in rows(self.store, self.bulk_id) if row.message_id is not None]
        with self.store.unit_of_work() as uow:
            return [uow.messages.get(one) for one in ids]


def _paces(destination: str) -> Pace | None:
    return Pace(timedelta(minutes=10)) if destination.endswith(":reply") else None


async def test_what_waits_for_the_network_is_taken_back(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    assert world.view().progress == {Delivery.SENT: 1, Delivery.QUEUED: 4}
    assert world.stop() == 4
    await world.until_all_left()
    assert len(world.network.took) == 1
    assert world.view().progress == {Delivery.SENT: 1, RowState.SKIPPED: 4}
    assert (world.view().bulk.state, world.view().bulk.aborted_by) == (BulkState.ABORTED, MIA)
    assert {row.reason for row in rows(store, world.bulk_id)} == {None, SkipReason.ABORTED}


def test_who_may_not_announce_stops_nothing(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    nobody = Actor(user_id=SAM, rights=frozenset())
    with pytest.raises(RightMissing):
        do(store, abort_bulk_answer, bulk_id=world.bulk_id, actor=nobody, now=NOW)


async def test_cases_whose_answer_is_sent_are_not_locked_for_a_stop(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    answered = [one.case_id for one in world.answers() if one.delivery is Delivery.SENT]
    with store.unit_of_work() as uow:
        still_open = uow.bulk_answers.stoppable_cases(world.bulk_id, limit=99)
    assert len(answered) == 1
    assert sorted([*still_open, *answered]) == sorted(row.case_id for row in rows(store, world.bulk_id))
    await world.until_all_left()
    with store.unit_of_work() as uow:
        assert uow.bulk_answers.stoppable_cases(world.bulk_id, limit=99) == []


async def test_what_a_pause_holds_is_taken_back_and_does_not_leave_when_it_ends(
    store: Store, desk: Desk
) -> None:
    world = World(store, desk)
    await world.deliver()
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=world.clock.moment)
    world.stop()
    do(store, resume_sending, actor=SAM_MAY, now=world.clock.moment)
    await world.until_all_left()
    assert len(world.network.took) == 1


async def test_the_customers_wait_for_an_answer_again_and_their_cases_say_why(
    store: Store, desk: Desk
) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    waiting = [one for one in world.answers() if one.delivery is not Delivery.SENT]
    assert len(waiting) == 4
    for one in waiting:
        case = case_of(store, one.case_id)
        assert one.is_cancelled
        assert (case.state.is_active, case.waiting_since is not None, case.claimed_by) == (True, True, None)
        assert audit_actions(store, case.id)[-1][:2] == (MIA, Action.REPLY_CANCELLED)
    assert len(plan(store, world.outage_id).texts) == 4, "they can be answered in bulk once more"
    case = case_of(store, waiting[0].case_id)
    do(store, retry_reply, message_id=waiting[0].id, version=case.version, user_id=SAM, now=NOW)
    assert messages(store, case.id)[-1].delivery is Delivery.QUEUED


async def test_what_the_network_refuses_has_failed_though_nobody_stopped_it(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    world.network.outcomes.append(Failed("X refuses it"))
    await world.until_all_left()
    assert world.view().progress == {Delivery.FAILED: 1, Delivery.SENT: 4}
    [failed] = [one for one in world.answers() if one.delivery is Delivery.FAILED]
    assert (failed.error, case_of(store, failed.case_id).state.is_active) == ("X refuses it", True)


async def test_what_is_being_sent_arrives_but_is_not_tried_again(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    world.network.outcomes.append(RATE_LIMIT)
    await world.deliver()
    with store.unit_of_work() as uow:
        job = next(
            one
            for one in uow.outbox.claim(
                now=world.clock.moment + timedelta(minutes=20),
                lease=timedelta(minutes=1),
                owner="other",
                limit=1,
                paces=_paces,
            )
            if one.effect.kind == SendLinkedAnswer.kind
        )
    assert world.stop() == 4
    assert world.view().progress == {Delivery.QUEUED: 1, RowState.SKIPPED: 4}
    await world.deliver()
    board_updates = world.board_updates()
    with store.unit_of_work() as uow:
        uow.lock_subject(job.effect)
        uow.outbox.postpone(job, now=NOW, due=world.clock.moment, reason="rate limit", counts=False)
    await world.until_all_left()
    assert not world.network.took
    assert world.view().progress == {RowState.SKIPPED: 5}
    assert world.board_updates() == board_updates + 1
    assert [one.is_cancelled for one in world.answers()] == [True] * 5


async def test_what_may_have_arrived_is_not_taken_back(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    world.network.outcomes.append(Unknown("no answer"))
    await world.deliver()
    assert world.view().progress == {Delivery.UNSURE: 1, Delivery.QUEUED: 4}
    assert world.stop() == 4
    assert world.view().progress == {Delivery.UNSURE: 1, RowState.SKIPPED: 4}
    world.network.findings.append(Done({"id": "found", "url": None}))
    await world.until_all_left()
    assert world.view().progress == {Delivery.SENT: 1, RowState.SKIPPED: 4}
    assert not world.network.took


async def test_what_is_sent_again_after_a_doubt_is_not_taken_back(store: Store, desk: Desk) -> None:
    """The network may show it late."""
    world = World(store, desk)
    await world.deliver()
    doubted = next(one for one in world.answers() if one.delivery is Delivery.QUEUED)
    with store.unit_of_work() as uow:  # as `record_resent` leaves it
        uow.messages.save(replace(doubted, error="no answer"))
    assert world.stop() == 3
    await world.until_all_left()
    assert len(world.network.took) == 2
    assert world.view().progress == {Delivery.SENT: 2, RowState.SKIPPED: 3}


async def test_it_can_be_stopped_until_its_last_answer_has_left(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    assert (world.view().bulk.state, world.view().is_under_way) == (BulkState.DONE, True)
    await world.until_all_left()
    assert not world.view().is_under_way
    with pytest.raises(Refused, match="had ended already"):
        world.stop()
    assert world.view().bulk.state is BulkState.DONE
    assert len(world.network.took) == len(PEOPLE)


async def test_a_second_stop_changes_nothing(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    with pytest.raises(Refused, match="had ended already"):
        world.stop()
    told = [entry[:2] for one in world.answers() for entry in audit_actions(store, one.case_id)]
    assert told.count((MIA, Action.REPLY_CANCELLED)) == 4


async def test_nothing_that_says_that_it_goes_on_leaves_once_it_is_resolved(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    sent(store, a_resolution(store, world.outage_id), destinations(page=ListDestination()))
    await world.until_all_left()
    assert len(world.network.took) == 1
    assert world.view().progress == {Delivery.SENT: 1, RowState.SKIPPED: 4}
    assert world.view().bulk.aborted_by == SYSTEM


async def test_a_bulk_answer_that_ended_is_left_alone_when_it_is_resolved(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.until_all_left()
    sent(store, a_resolution(store, world.outage_id), destinations(page=ListDestination()))
    assert (world.view().bulk.state, world.view().bulk.aborted_by) == (BulkState.DONE, None)


async def test_what_is_claimed_while_it_is_stopped_is_sent_or_taken_back(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    with store.unit_of_work() as uow:
        uow.outbox.pause("x:reply", now=NOW, until=NOW)
    with meanwhile(store) as (uow, other):
        jobs = uow.outbox.claim(
            now=NOW + timedelta(hours=1),
            lease=timedelta(minutes=1),
            owner="other",
            limit=9,
            paces=lambda _destination: None,
        )
        taken = {
            job.effect.payload()["message_id"] for job in jobs if job.effect.kind == "send_linked_answer"
        }
        stopped = other(abort_bulk_answer, bulk_id=world.bulk_id, actor=MIA_MAY, now=NOW)
        assert stopped.done() or store.workers == 1, "who stops waits for nobody who claims"
    assert len(taken) == 4
    with pytest.raises(Refused, match="being sent right now"):
        stopped.result(30)
    assert {one.delivery for one in world.answers() if one.id in taken} == {Delivery.QUEUED}


def test_who_stops_waits_for_an_answer_that_is_being_written(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    first = rows(store, world.bulk_id)[0]
    with ThreadPoolExecutor(1) as thread:
        with store.unit_of_work() as uow:
            uow.lock_subject(AnswerLinkedCase(first.id, first.case_id, "x"))
            stopped = thread.submit(world.stop)
            time.sleep(HEAD_START if store.workers > 1 else 0)
            answer_row(uow, row_id=first.id, networks=networks(), rules=RULES, now=NOW)
        assert stopped.result(30) == len(PEOPLE)
    assert world.view().progress == {RowState.SKIPPED: len(PEOPLE)}
    assert [one.is_cancelled for one in world.answers()] == [True]
