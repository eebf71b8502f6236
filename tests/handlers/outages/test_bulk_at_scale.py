"""Read all linked cases by few statements, however many they are, and let one bulk answer run at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from domain.cases.case import CaseState
from domain.errors import Refused
from domain.intake.posts import Author, ReplyBlock
from domain.outages.bulk_answers import BulkPurpose
from domain.outages.outage import OutageState
from domain.triage.situations import Reason
from handlers.outages.bulk_answers import answer_row, start_bulk_answer
from storage.engine import Store
from tests.handlers.context import RULES
from tests.handlers.made import HOUR, KAI, MIA, NOW, cases, do, in_parallel, messages, networks
from tests.handlers.outages.made import MIA_MAY, SAM_MAY, an_outage
from tests.handlers.outages.test_bulk_answers import linked, plan, request, rows, start
from tests.handlers.outages.test_bulk_forms import load

MOST_STATEMENTS = 20


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Collect the statements that are executed."""
    executed: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        executed.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield executed
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def people(numbers: range) -> list[Author]:
    return [Author(id=f"p{n}", handle=f"p{n}", name=f"Name{n} Z", followers=n) for n in numbers]


def test_the_form_takes_the_same_statements_for_two_cases_and_for_forty(store: Store) -> None:
    few = linked(store, people(range(2)))
    with counted(store) as for_two:
        assert len(load(store, few).plan.texts) == 2
    many = linked(store, people(range(2, 40)))
    with counted(store) as for_forty:
        assert len(load(store, many).plan.texts) > 30
    assert len(for_two) == len(for_forty) <= MOST_STATEMENTS


def test_those_who_were_not_told_come_first_where_there_are_more_than_a_form_takes(store: Store) -> None:
    outage_id = linked(store)
    told = rows(store, start(store, outage_id))[:3]
    for row in told:
        do(store, answer_row, row_id=row.id, networks=networks(), rules=RULES, now=NOW)
    with store.unit_of_work() as uow:
        first = uow.linked_cases.of_outage(outage_id, BulkPurpose.ANSWER, limit=2)
        other = uow.linked_cases.of_outage(outage_id, BulkPurpose.SOLVED, limit=9)
    assert {case.id for case in first}.isdisjoint(row.case_id for row in told)
    assert len(other) == len(plan(store, outage_id).skipped) + len(plan(store, outage_id).texts)


@pytest.mark.parametrize("purpose", BulkPurpose)
def test_those_who_are_left_out_take_no_room_of_those_who_can_be_answered(
    store: Store, purpose: BulkPurpose
) -> None:
    outage_id = linked(store, people(range(9)))
    closed, claimed, opted_out, grave, unaddressed, moved, answered, late, waits = cases(store)
    other, _ = an_outage(store)
    resolved = {"state": CaseState.RESOLVED, "closed_by": MIA}
    danger = replace(grave.assessment, reasons=(Reason.VULNERABLE,))
    changes: dict[int, dict[str, Any]] = {
        closed.id: resolved | {"closed_at": NOW},
        claimed.id: {"claimed_by": KAI, "claimed_at": NOW},
        grave.id: {"assessment": danger},
        unaddressed.id: {"reply_block": ReplyBlock.RESTRICTED},
        moved.id: {"outage_id": other.id},
        answered.id: {"waiting_since": None},
        late.id: resolved | {"closed_at": NOW + 2 * HOUR},
    }
    with store.unit_of_work() as uow:
        uow.opt_outs.add("x", opted_out.account_id, opted_out.author.id, text="stop", now=NOW)
        for case_id, change in changes.items():
            uow.cases.save(replace(uow.cases.get(case_id), **change))
        outage = uow.outages.get(outage_id)
        if purpose is BulkPurpose.SOLVED:
            uow.outages.save(outage.changed(state=OutageState.RESOLVED, resolved_at=NOW + HOUR))
    planned = plan(store, outage_id, purpose=purpose)
    can_be_answered = [case.id for case, _ in planned.texts]
    assert sorted(can_be_answered) == sorted(
        {BulkPurpose.ANSWER: [waits.id], BulkPurpose.SOLVED: [waits.id, answered.id, closed.id]}[purpose]
    )
    with store.unit_of_work() as uow:
        ranked = [case.id for case in uow.linked_cases.of_outage(outage_id, purpose, limit=9)]
    few = len(can_be_answered)
    assert len(ranked) == 9
    assert (set(ranked[:few]), ranked[few]) == (set(can_be_answered), claimed.id)


def test_of_two_who_start_at_once_one_starts_and_the_other_is_told(store: Store) -> None:
    outage_id = linked(store)

    def start_as(actor: Any, key: str) -> object:  # noqa: ANN401 - an actor
        with store.unit_of_work() as uow:
            return start_bulk_answer(
                uow,
                request=request(outage_id),
                client_key=key,
                networks=networks(),
                rules=RULES,
                actor=actor,
                now=NOW,
            )

    results = in_parallel([lambda: start_as(SAM_MAY, "sam"), lambda: start_as(MIA_MAY, "mia")])
    [refused] = [one for one in results if isinstance(one, Exception)]
    assert isinstance(refused, Refused)
    assert "being answered already" in str(refused)
    with store.unit_of_work() as uow:
        [bulk] = uow.bulk_answers.of_outage(outage_id)
    waiting = rows(store, bulk.id)
    for row in waiting:
        do(store, answer_row, row_id=row.id, networks=networks(), rules=RULES, now=NOW)
    for row in waiting:
        assert len([one for one in messages(store, row.case_id) if one.sent_by]) == 1
