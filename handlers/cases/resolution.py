"""Resolve, dismiss, reopen and snooze cases, and wake snoozed ones."""

from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case, CaseEvent, CaseState, next_state
from domain.cases.case_lifecycle import without_gone_wait
from domain.cases.preconditions import require_active, require_not_assigned_to_another
from domain.cases.waits import EndReason
from domain.errors import Refused
from domain.knowledge.desk_examples import dismissal_example
from domain.records.audit import SYSTEM, Action
from domain.records.erasure import is_erased
from handlers.cases.preconditions import require_current
from handlers.cases.promises import keep_answered_promises
from handlers.cases.transitions import apply_event
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.cases.waits import end_wait, resume_wait
from storage.unit_of_work import UnitOfWork

WAKE_BATCH = 50
ERASED = "Nothing was done: what was stored of this customer was erased. When they write again, they get a new card."
_END_REASONS = {CaseEvent.RESOLVE: EndReason.RESOLVED, CaseEvent.DISMISS: EndReason.NOT_A_REQUEST}


def resolve(uow: UnitOfWork, *, case_id: int, version: int | None, user_id: str, now: datetime) -> Case:
    """Close the case as resolved. Idempotent for the person who resolved it.

    Raises `ChangedSince` where somebody else changed the case since the card was drawn at `version`,
    `AssignedToAnother` for somebody else's claim.
    """
    return _close(
        uow, CaseEvent.RESOLVE, Action.RESOLVED, case_id=case_id, version=version, user_id=user_id, now=now
    )


def dismiss(uow: UnitOfWork, *, case_id: int, version: int | None, user_id: str, now: datetime) -> Case:
    """Close the case as not a request. Idempotent, and raises, as `resolve` does.

    What the customer wrote becomes an example of what wants nothing of us.
    """
    was_active = uow.cases.get(case_id).state.is_active
    case = _close(
        uow, CaseEvent.DISMISS, Action.DISMISSED, case_id=case_id, version=version, user_id=user_id, now=now
    )
    messages = uow.messages.of_case(case_id, limit=MAX_CASE_MESSAGES)
    example = dismissal_example(case, messages, user_id=user_id, now=now)
    if was_active and example is not None:
        uow.examples.put(example)
    return case


def reopen(uow: UnitOfWork, *, case_id: int, user_id: str, now: datetime) -> Case:
    """Reopen a closed case; does nothing to an active one.

    Somebody who reopens a dismissed one takes back that it is not a request. Raises `Refused` where the
    customer was erased.
    """
    case = uow.cases.get(case_id)
    if case.state.is_active:
        return case
    if is_erased(case.author.id):
        raise Refused(ERASED)
    if case.state is CaseState.DISMISSED:
        uow.examples.delete_dismissals(case.id)
    reopened = apply_event(
        uow,
        without_gone_wait(case, uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)),
        CaseEvent.REOPEN,
        actor=user_id,
        action=Action.REOPENED,
        now=now,
        closed_by=None,
        closed_at=None,
    )
    # As it was when it was closed: what was deleted since ends the wait.
    resume_wait(uow, replace(reopened, waiting_since=case.waiting_since), now=now)
    return reopened


def snooze(
    uow: UnitOfWork, *, case_id: int, version: int | None, until: datetime, user_id: str, now: datetime
) -> Case:
    """Snooze the case: take it out of the queue until `until`.

    Raises `Refused` where that is not in the future, else as `resolve` does.
    """
    case = uow.cases.get(case_id)
    require_active(case)
    require_not_assigned_to_another(case, user_id)
    require_current(uow, case, version=version, user_id=user_id)
    if until <= now:
        raise Refused("Nothing was changed: that time has passed. Pick a time in the future.")
    return apply_event(
        uow,
        case,
        CaseEvent.SNOOZE,
        actor=user_id,
        action=Action.SNOOZED,
        now=now,
        detail={"until": until.isoformat()},
        snoozed_until=until,
    )


def wake_due(uow: UnitOfWork, *, now: datetime) -> int:
    """Wake the snoozed cases that are due, at most `WAKE_BATCH`; returns how many."""
    due = uow.cases.wake_due(now, limit=WAKE_BATCH)
    for case in due:
        apply_event(uow, case, CaseEvent.WAKE, actor=SYSTEM, action=Action.WOKEN, now=now, snoozed_until=None)
    return len(due)


def _close(
    uow: UnitOfWork,
    event: CaseEvent,
    action: Action,
    *,
    case_id: int,
    version: int | None,
    user_id: str,
    now: datetime,
) -> Case:
    case = uow.cases.get(case_id)
    if case.closed_by == user_id and case.state is next_state(CaseState.OPEN, event):
        return case
    require_active(case)
    require_not_assigned_to_another(case, user_id)
    require_current(uow, case, version=version, user_id=user_id)
    closed = apply_event(
        uow,
        case,
        event,
        actor=user_id,
        action=action,
        now=now,
        closed_by=user_id,
        closed_at=now,
        snoozed_until=None,
    )
    end_wait(uow, closed, _END_REASONS[event], now=now)
    if event is CaseEvent.RESOLVE:
        keep_answered_promises(uow, closed, now=now)
    return closed
