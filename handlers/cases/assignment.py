"""Change the assignee of a case: claim, release, take over, assign."""

from datetime import datetime

from domain.cases.case import Case, CaseEvent
from domain.cases.preconditions import require_active, require_not_assigned_to_another
from domain.errors import AssignedToAnother, Refused
from domain.records.audit import Action
from handlers.cases.transitions import apply_event, notify
from storage.unit_of_work import UnitOfWork


def claim(uow: UnitOfWork, *, case_id: int, user_id: str, now: datetime) -> Case:
    """Claim the case for this person.

    Idempotent; raises `AssignedToAnother` where somebody else has claimed it.
    """
    case = uow.cases.get(case_id)
    require_active(case)
    if case.claimed_by == user_id:
        return case
    require_not_assigned_to_another(case, user_id)
    return _set_assignee(uow, case, CaseEvent.CLAIM, Action.CLAIMED, to=user_id, actor=user_id, now=now)


def claim_next(uow: UnitOfWork, *, user_id: str, now: datetime) -> Case | None:
    """Claim the highest-ranking unclaimed case for this person; `None` where the queue is empty."""
    case = uow.cases.next_unclaimed()
    if case is None:
        return None
    return _set_assignee(uow, case, CaseEvent.CLAIM, Action.CLAIMED, to=user_id, actor=user_id, now=now)


def take_over(uow: UnitOfWork, *, case_id: int, user_id: str, assignee: str, now: datetime) -> Case:
    """Take the case over from `assignee`, whom the confirmation dialog named, and notify them.

    Raises `AssignedToAnother` where a third person has claimed it since.
    """
    case = uow.cases.get(case_id)
    require_active(case)
    if case.claimed_by == user_id:
        return case
    if case.claimed_by not in (None, assignee):
        raise AssignedToAnother(str(case.claimed_by), case.claimed_at)
    taken = _set_assignee(
        uow, case, CaseEvent.TAKE_OVER, Action.TAKEN_OVER, to=user_id, actor=user_id, now=now
    )
    notify(uow, taken, case.claimed_by, Action.TAKEN_OVER, actor=user_id, now=now)
    return taken


def take_over_to_send(uow: UnitOfWork, case: Case, *, user_id: str, now: datetime) -> Case:
    """Take the case over from whoever has it, for a message of `user_id`; return it as it is now.

    An unclaimed case stays so: what is sent claims it.
    """
    if case.claimed_by in (None, user_id):
        return case
    return take_over(uow, case_id=case.id, user_id=user_id, assignee=case.claimed_by, now=now)


def assign(
    uow: UnitOfWork, *, case_id: int, to: str, user_id: str, now: datetime, may_reassign: bool = True
) -> Case:
    """Assign the case to `to`, and notify them and the previous assignee.

    Raises `AssignedToAnother` for somebody else's claim unless this person `may_reassign`.
    """
    case = uow.cases.get(case_id)
    require_active(case)
    if case.claimed_by == to:
        return case
    if not may_reassign:
        require_not_assigned_to_another(case, user_id)
    assigned = _set_assignee(uow, case, CaseEvent.ASSIGN, Action.ASSIGNED, to=to, actor=user_id, now=now)
    for person in (to, case.claimed_by):
        notify(uow, assigned, person, Action.ASSIGNED, actor=user_id, now=now)
    return assigned


def release(
    uow: UnitOfWork, *, case_id: int, user_id: str, now: datetime, may_reassign: bool = False
) -> Case:
    """Release the case into the queue; tell whoever had it where that is somebody else.

    Raises `Refused` where nobody has claimed it, `AssignedToAnother` for somebody else's claim unless this
    person `may_reassign`.
    """
    case = uow.cases.get(case_id)
    require_active(case)
    if case.claimed_by is None:
        raise Refused("Nothing was changed: nobody has claimed this case. Press Claim to take it.")
    if not may_reassign:
        require_not_assigned_to_another(case, user_id)
    released = apply_event(
        uow,
        case,
        CaseEvent.RELEASE,
        actor=user_id,
        action=Action.RELEASED,
        now=now,
        detail={"from": case.claimed_by} if case.claimed_by != user_id else None,
        claimed_by=None,
        claimed_at=None,
    )
    notify(uow, released, case.claimed_by, Action.RELEASED, actor=user_id, now=now)
    return released


def _set_assignee(
    uow: UnitOfWork, case: Case, event: CaseEvent, action: Action, *, to: str, actor: str, now: datetime
) -> Case:
    return apply_event(
        uow,
        case,
        event,
        actor=actor,
        action=action,
        now=now,
        detail={"to": to, "from": case.claimed_by},
        claimed_by=to,
        claimed_at=now,
        snoozed_until=None,
    )
