"""Answer linked customers in bulk: eligible ones, once, in varied words, until it is stopped."""

import contextlib
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.delivery.effects import EFFECTS
from domain.delivery.outcomes import Done, Outcome
from domain.delivery.pacing import Pace
from domain.errors import Refused, StaleCase
from domain.intake.posts import Author, MatchReason
from domain.outages.answer_wordings import Wordings
from domain.outages.bulk_answers import BulkPurpose, BulkRow, BulkState, RowState, SkipReason
from domain.outages.bulk_forms import BulkPlan
from domain.records.audit import SYSTEM
from domain.replies.rules_of_engagement import Rule, RulesOfEngagement
from domain.triage.situations import Reason
from handlers.cases.assignment import claim
from handlers.delivery.loop import Delivery as Loop
from handlers.delivery.loop import Dispatcher
from handlers.delivery.performers.bulk_answers import LinkedCaseAnswerer
from handlers.delivery.settling import Performer
from handlers.desk import Desk
from handlers.outages.bulk_answers import (
    BulkRequest,
    answer_row,
    bulk_views,
    plan_bulk_answer,
    start_bulk_answer,
)
from handlers.outages.links import confirm_links
from handlers.outages.pauses import pause_sending, resume_sending
from handlers.outages.stopping import abort_bulk_answer
from storage.engine import Store
from tests.handlers.context import RULES, a_context
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, turn, unpaced
from tests.handlers.made import (
    KAI,
    MIA,
    NOW,
    SAM,
    a_post,
    a_stored_case,
    arrive,
    case_of,
    cases,
    do,
    messages,
    networks,
)
from tests.handlers.outages.made import (
    MIA_MAY,
    SAM_MAY,
    ListDestination,
    a_resolution,
    an_outage,
    destinations,
    sent,
)

WORDINGS = {
    "en": Wordings(
        greetings=("Hi[[ {{ name }}]],", "Hello[[ {{ name }}]],"), bodies=("sorry.", "we are on it.")
    )
}
PEOPLE = [
    Author(id=str(number), handle=f"user{number}", name=name, followers=number)
    for number, name in enumerate(("Ana", "Ana", "Ben", "Zoe", "Ana"), start=100)
]


def linked(store: Store, people: list[Author] = PEOPLE) -> int:
    """Announce an outage with a linked case for each of these people."""
    outage, notice = an_outage(store)
    sent(store, notice, destinations(page=ListDestination()))
    for author in people:
        a_stored_case(store, author=author)
    ids = [case.id for case in cases(store)]
    do(store, confirm_links, outage_id=outage.id, case_ids=ids, actor=SAM_MAY, now=NOW)
    return outage.id


def request(outage_id: int, **changes: object) -> BulkRequest:
    made = BulkRequest(outage_id=outage_id, purpose=BulkPurpose.ANSWER, wordings=WORDINGS, values={})
    return replace(made, **changes)  # type: ignore[arg-type]


def plan(store: Store, outage_id: int, rules: RulesOfEngagement = RULES, **changes: object) -> BulkPlan:
    planned: BulkPlan = do(
        store,
        plan_bulk_answer,
        request=request(outage_id, **changes),
        networks=networks(),
        rules=rules,
        by=SAM,
        now=NOW,
    )
    return planned


def start(store: Store, outage_id: int, key: str = "k1", **changes: object) -> int:
    bulk = do(
        store,
        start_bulk_answer,
        request=request(outage_id, **changes),
        client_key=key,
        networks=networks(),
        rules=RULES,
        actor=SAM_MAY,
        now=NOW,
    )
    assert bulk is not None
    return bulk.id


def rows(store: Store, bulk_id: int) -> list[BulkRow]:
    with store.unit_of_work() as uow:
        return uow.bulk_answers.rows(bulk_id, limit=100)


def skipped(planned: BulkPlan) -> dict[int, SkipReason]:
    return {case.id: reason for case, reason in planned.skipped}


async def _done(_job: object) -> Outcome:
    return Done({})


async def answer(desk: Desk, clock: ManualClock, *, turns: int = 100) -> None:
    """Perform the bulk's effects; replies stay queued."""
    ctx = a_context(desk, clock=clock)
    script = ScriptedPerformer(act=_done)
    performers: dict[str, Performer] = dict.fromkeys(EFFECTS, script)
    performers["answer_linked_case"] = LinkedCaseAnswerer(ctx)
    loop = Loop(desk, Dispatcher(performers=performers, paces=unpaced, owner="me"), clock, sole_worker=False)
    for _ in range(turns):
        if not await turn(loop):
            return


def test_everybody_gets_other_words(store: Store) -> None:
    planned = plan(store, linked(store))
    texts = [text for _, text in planned.texts]
    assert len(texts) == len(set(texts)) == len(PEOPLE)
    assert texts[0] != texts[1]
    assert not planned.skipped
    assert planned.cost > 0


def test_only_who_can_be_answered_is(store: Store) -> None:
    outage_id = linked(store)
    first, second, third, fourth, fifth = cases(store)
    do(store, claim, case_id=first.id, user_id=KAI, now=NOW)
    with store.unit_of_work() as uow:
        closed = uow.cases.get(second.id)
        uow.cases.save(replace(closed, state=CaseState.RESOLVED, closed_by=MIA, closed_at=NOW))
        uow.opt_outs.add("x", third.account_id, third.author.id, text="stop", now=NOW)
        answered = uow.cases.get(fourth.id)
        uow.cases.save(replace(answered, waiting_since=None))
    assert skipped(plan(store, outage_id)) == {
        first.id: SkipReason.CLAIMED,
        second.id: SkipReason.CLOSED,
        third.id: SkipReason.OPTED_OUT,
        fourth.id: SkipReason.ANSWERED,
    }
    assert [case.id for case, _ in plan(store, outage_id).texts] == [fifth.id]


def test_who_is_in_danger_gets_an_answer_of_their_own(store: Store) -> None:
    outage_id = linked(store, PEOPLE[:2])
    grave, other = cases(store)
    with store.unit_of_work() as uow:
        case = uow.cases.get(grave.id)
        danger = replace(case.assessment, reasons=(*case.assessment.reasons, Reason.VULNERABLE))
        uow.cases.save(replace(case, assessment=danger))
    planned = plan(store, outage_id)
    assert skipped(planned) == {grave.id: SkipReason.GRAVE}
    assert [case.id for case, _ in planned.texts] == [other.id]


def test_nobody_is_answered_who_did_not_address_us(store: Store) -> None:
    outage, notice = an_outage(store)
    sent(store, notice, destinations(page=ListDestination()))
    arrive(store, a_post("1", match_reason=MatchReason.SEARCH))
    [case] = cases(store)
    assert case.reply_block is not None
    do(store, confirm_links, outage_id=outage.id, case_ids=[case.id], actor=SAM_MAY, now=NOW)
    assert skipped(plan(store, outage.id)) == {case.id: SkipReason.NOT_ADDRESSED}
    with pytest.raises(Refused, match="nobody of the linked cases"):
        start(store, outage.id)


def test_a_language_without_wordings_and_a_broken_rule_are_told(store: Store) -> None:
    outage_id = linked(store, PEOPLE[:1])
    [case] = cases(store)
    assert skipped(plan(store, outage_id, wordings={"de": WORDINGS["en"]})) == {
        case.id: SkipReason.NO_WORDING
    }
    shouting = RulesOfEngagement(
        version="1",
        rules=(
            Rule(name="too_long", reason="Too long.", hard=True),
            Rule(name="all_caps", reason="Loud.", hard=True),
        ),
    )
    loud = {"en": Wordings(greetings=("HELLO THERE",), bodies=("WE ARE WORKING ON THIS PROBLEM NOW",))}
    assert skipped(plan(store, outage_id, shouting, wordings=loud)) == {case.id: SkipReason.RULE_BROKEN}


async def test_each_customer_is_answered_once_in_the_name_of_who_started_it(store: Store, desk: Desk) -> None:
    outage_id = linked(store)
    bulk_id = start(store, outage_id)
    await answer(desk, ManualClock())
    assert {row.state for row in rows(store, bulk_id)} == {RowState.QUEUED}
    for row in rows(store, bulk_id):
        [reply] = [one for one in messages(store, row.case_id) if one.delivery is not None]
        assert (reply.text, reply.sent_by, reply.delivery) == (row.text, SAM, Delivery.QUEUED)
        after = case_of(store, row.case_id)
        assert (after.state, after.claimed_by) == (CaseState.WAITING, None)
    [view] = do(store, bulk_views, outage_id)
    assert (view.bulk.state, view.progress, view.total) == (BulkState.DONE, {"queued": 5}, 5)
    assert set(skipped(plan(store, outage_id)).values()) == {SkipReason.ANSWERED_BEFORE}


def test_a_form_that_is_sent_twice_starts_one(store: Store) -> None:
    outage_id = linked(store, PEOPLE[:1])
    start(store, outage_id)
    with pytest.raises(Refused, match="being answered already"):
        start(store, outage_id)
    with store.unit_of_work() as uow:
        assert len(uow.bulk_answers.of_outage(outage_id)) == 1


async def test_who_changed_meanwhile_is_looked_at_again(store: Store, desk: Desk) -> None:
    outage_id = linked(store)
    bulk_id = start(store, outage_id)
    first = cases(store)[0]
    do(store, claim, case_id=first.id, user_id=KAI, now=NOW)
    await answer(desk, ManualClock())
    by_case = {row.case_id: row for row in rows(store, bulk_id)}
    assert (by_case[first.id].state, by_case[first.id].reason) == (RowState.SKIPPED, SkipReason.CLAIMED)
    assert sum(row.state is RowState.QUEUED for row in by_case.values()) == len(PEOPLE) - 1


async def test_a_pause_in_the_middle_holds_the_rest(store: Store, desk: Desk) -> None:
    outage_id = linked(store)
    bulk_id = start(store, outage_id)
    clock = ManualClock()
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    await answer(desk, clock)
    clock.advance(hours=2)
    await answer(desk, clock)
    assert {row.state for row in rows(store, bulk_id)} == {RowState.WAITING}
    do(store, resume_sending, actor=MIA_MAY, now=clock.moment)
    await answer(desk, clock)
    assert {row.state for row in rows(store, bulk_id)} == {RowState.QUEUED}


async def test_stopping_leaves_the_rest_unanswered(store: Store, desk: Desk) -> None:
    outage_id = linked(store)
    bulk_id = start(store, outage_id)
    assert do(store, abort_bulk_answer, bulk_id=bulk_id, actor=MIA_MAY, now=NOW) == len(PEOPLE)
    await answer(desk, ManualClock())
    assert {row.reason for row in rows(store, bulk_id)} == {SkipReason.ABORTED}
    [view] = do(store, bulk_views, outage_id)
    assert (view.bulk.state, view.bulk.aborted_by) == (BulkState.ABORTED, MIA)
    with pytest.raises(Refused, match="had ended already"):
        do(store, abort_bulk_answer, bulk_id=bulk_id, actor=MIA_MAY, now=NOW)
    start(store, outage_id, "k2")
    assert len(do(store, bulk_views, outage_id)) == 2


def test_nobody_hears_that_it_is_known_once_it_is_resolved(store: Store) -> None:
    outage_id = linked(store)
    bulk_id = start(store, outage_id)
    first = rows(store, bulk_id)[0]
    do(store, answer_row, row_id=first.id, networks=networks(), rules=RULES, now=NOW)
    resolution = a_resolution(store, outage_id)
    sent(store, resolution, destinations(page=ListDestination()))
    states = Counter(row.state for row in rows(store, bulk_id))
    assert states[RowState.SKIPPED] == 5
    assert {row.reason for row in rows(store, bulk_id)} == {SkipReason.ABORTED}
    [view] = do(store, bulk_views, outage_id)
    assert (view.bulk.state, view.bulk.aborted_by) == (BulkState.ABORTED, SYSTEM)


async def test_at_the_end_those_who_were_answered_hear_that_it_is_solved(store: Store, desk: Desk) -> None:
    outage_id = linked(store, PEOPLE[:2])
    start(store, outage_id)
    await answer(desk, ManualClock())
    answered = cases(store)
    with store.unit_of_work() as uow:
        for case in answered:
            reply = uow.messages.latest_reply(case.id)
            assert reply is not None
            uow.messages.save(replace(reply, delivery=Delivery.SENT))
    solved = plan(store, outage_id, purpose=BulkPurpose.SOLVED)
    assert len(solved.texts) == 2


def test_the_last_two_of_a_bulk_answer_end_it_when_they_are_answered_at_once(store: Store) -> None:
    outage_id = linked(store, PEOPLE[:2])
    bulk_id = start(store, outage_id)
    both_read, waiting = Barrier(2), [row.id for row in rows(store, bulk_id)]

    def answer_one(row_id: int) -> None:
        for attempt in range(3):
            with contextlib.suppress(StaleCase), store.unit_of_work() as uow:
                uow.cases.lock([uow.bulk_answers.get_row(row_id).case_id])
                if attempt == 0 and store.workers > 1:
                    both_read.wait(60)
                answer_row(uow, row_id=row_id, networks=networks(), rules=RULES, now=NOW)
                if attempt == 0 and store.workers > 1:
                    time.sleep(0.2)  # neither has committed when the other looks for rows that wait
                return
        raise AssertionError("lost three times")

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(answer_one, waiting))
    [view] = do(store, bulk_views, outage_id)
    assert view.bulk.state is BulkState.DONE


async def test_a_pause_holds_the_answers_that_wait_for_the_network_too(store: Store, desk: Desk) -> None:
    outage_id = linked(store, PEOPLE[:2])
    start(store, outage_id)
    clock, script = ManualClock(), ScriptedPerformer(act=_done)
    performers: dict[str, Performer] = dict.fromkeys(EFFECTS, script)
    performers["answer_linked_case"] = LinkedCaseAnswerer(a_context(desk, clock=clock))

    def paces(destination: str) -> Pace | None:
        return Pace(timedelta(hours=1)) if destination.endswith(":reply") else None

    loop = Loop(desk, Dispatcher(performers=performers, paces=paces, owner="me"), clock, sole_worker=False)
    while await turn(loop):
        pass
    assert len(sent_answers(script)) == 1
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    clock.advance(hours=2)
    while await turn(loop):
        pass
    assert len(sent_answers(script)) == 1
    do(store, resume_sending, actor=MIA_MAY, now=clock.moment)
    while await turn(loop):
        pass
    assert len(sent_answers(script)) == 2


def sent_answers(script: ScriptedPerformer) -> list[str]:
    kinds = {"send_reply", "send_linked_answer"}
    return [key for key in script.performed if key.partition(":")[0] in kinds]
