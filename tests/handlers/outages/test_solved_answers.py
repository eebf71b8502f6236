"""Tell customers of closed cases, too, that it is solved: once, and without reopening their case."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.intake.posts import ReplyBlock
from domain.outages.bulk_answers import BulkPurpose, RowState, SkipReason
from domain.triage.situations import Reason
from handlers.cases.resolution import dismiss, reopen, resolve
from handlers.outages.bulk_answers import answer_row
from handlers.replies.results import record_failed, record_sent, record_unsure
from storage.engine import Store
from tests.handlers.context import RULES
from tests.handlers.made import HOUR, KAI, MINUTE, NOW, case_of, cases, do, messages, networks, queued
from tests.handlers.outages.made import ListDestination, a_resolution, destinations, sent
from tests.handlers.outages.test_bulk_answers import linked, plan, rows, skipped, start

ENDED = NOW + HOUR
SOLVED: dict[str, Any] = {"purpose": BulkPurpose.SOLVED}


def end(store: Store, outage_id: int) -> None:
    """Resolve the outage an hour later."""
    resolution = a_resolution(store, outage_id, now=ENDED)
    sent(store, resolution, destinations(page=ListDestination()), now=ENDED)


def closed_by_kai(store: Store, case_id: int, *, minutes: int = 5) -> None:
    do(store, resolve, case_id=case_id, version=None, user_id=KAI, now=NOW + minutes * MINUTE)


def test_whose_case_was_resolved_before_the_outage_hears_that_it_is_solved(store: Store) -> None:
    outage_id = linked(store)
    before, after, not_a_request, *active = cases(store)
    closed_by_kai(store, before.id)
    do(store, dismiss, case_id=not_a_request.id, version=None, user_id=KAI, now=NOW)
    end(store, outage_id)
    closed_by_kai(store, after.id, minutes=61)
    solved = plan(store, outage_id, **SOLVED)
    assert {case.id for case, _ in solved.texts} == {before.id, *(case.id for case in active)}
    assert solved.closed == 1
    assert skipped(solved) == {after.id: SkipReason.CLOSED, not_a_request.id: SkipReason.CLOSED}


def test_those_of_closed_cases_have_the_same_rules(store: Store) -> None:
    outage_id = linked(store)
    not_addressed, opted_out, grave, unsure, fine = cases(store)
    with store.unit_of_work() as uow:
        uow.cases.save(replace(uow.cases.get(not_addressed.id), reply_block=ReplyBlock.RESTRICTED))
        uow.opt_outs.add("x", opted_out.account_id, opted_out.author.id, text="stop", now=NOW)
        danger = uow.cases.get(grave.id)
        uow.cases.save(replace(danger, assessment=replace(danger.assessment, reasons=(Reason.SAFETY,))))
    answer = start(store, outage_id)
    row = next(one for one in rows(store, answer) if one.case_id == unsure.id)
    answered = do(store, answer_row, row_id=row.id, networks=networks(), rules=RULES, now=NOW)
    do(store, _record_unsure, message_id=answered.message_id, now=NOW)
    for case in cases(store):
        closed_by_kai(store, case.id)
    end(store, outage_id)
    assert skipped(plan(store, outage_id, **SOLVED)) == {
        not_addressed.id: SkipReason.NOT_ADDRESSED,
        opted_out.id: SkipReason.OPTED_OUT,
        grave.id: SkipReason.GRAVE,
        unsure.id: SkipReason.UNSETTLED,
    }
    assert [case.id for case, _ in plan(store, outage_id, **SOLVED).texts] == [fine.id]


def _record_sent(*args: object, message_id: int, **more: object) -> object:
    return record_sent(*args, message_id=message_id, result={"id": "77", "url": "https://x.com/7"}, **more)  # type: ignore[arg-type]


def _record_failed(*args: object, **more: object) -> object:
    return record_failed(*args, reason="X says no", **more)  # type: ignore[arg-type]


def _record_unsure(*args: object, **more: object) -> object:
    return record_unsure(*args, reason="X said nothing", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settle", "delivery"),
    [
        (_record_sent, Delivery.SENT),
        (_record_failed, Delivery.FAILED),
        (_record_unsure, Delivery.UNSURE),
    ],
    ids=["sent", "failed", "unsure"],
)
def test_their_case_stays_closed_whatever_becomes_of_the_answer(
    store: Store, settle: Callable[..., object], delivery: Delivery
) -> None:
    outage_id = linked(store)
    first, *_ = cases(store)
    closed_by_kai(store, first.id)
    end(store, outage_id)
    bulk = start(store, outage_id, **SOLVED)
    row = next(one for one in rows(store, bulk) if one.case_id == first.id)
    done = do(store, answer_row, row_id=row.id, networks=networks(), rules=RULES, now=ENDED)
    assert done.state is RowState.QUEUED
    assert [one["payload"]["case_id"] for one in queued(store, "send_linked_answer")] == [first.id]
    do(store, settle, message_id=done.message_id, now=ENDED)
    after = case_of(store, first.id)
    assert (after.state, after.closed_by, after.closed_at) == (CaseState.RESOLVED, KAI, NOW + 5 * MINUTE)
    assert messages(store, first.id)[-1].delivery is delivery
    assert skipped(plan(store, outage_id, **SOLVED))[first.id] is SkipReason.ANSWERED_BEFORE


def test_who_was_told_after_it_was_closed_is_not_told_again_when_it_is_reopened(store: Store) -> None:
    outage_id = linked(store)
    first, *_ = cases(store)
    closed_by_kai(store, first.id)
    end(store, outage_id)
    for row in rows(store, start(store, outage_id, **SOLVED)):
        do(store, answer_row, row_id=row.id, networks=networks(), rules=RULES, now=ENDED)
    do(store, reopen, case_id=first.id, user_id=KAI, now=ENDED)
    assert plan(store, outage_id, **SOLVED).texts == []
