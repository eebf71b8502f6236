"""Place cases under legal hold, and lift holds."""

from datetime import datetime
from typing import NamedTuple

from domain.cases.case import Case
from domain.errors import Refused
from domain.records.audit import Action
from domain.records.legal_hold import MAX_REASON, LegalHold
from handlers.cases.transitions import save_change
from handlers.records.trail import case_named
from storage.unit_of_work import UnitOfWork

NO_REASON = "Nothing was done: say why, after the case: “/mentions hold 123 court order of May 2”."
NO_CASE = "Nothing was done: there is no such case. Name it by the link of its card, or by its number."
NO_NAME = "Nothing was done: say which case, by the link of its card or its number."
NOT_HELD = "Nothing was done: the case is under no legal hold."


class PlacedHold(NamedTuple):
    """A case with its hold, and the one `before` that this one replaces, if any."""

    case: Case
    hold: LegalHold
    before: LegalHold | None


def place_hold(uow: UnitOfWork, *, words: str, user_id: str, now: datetime) -> PlacedHold:
    """Place a case under legal hold, or change the reason. `words` name the case, then the reason.

    Raises `Refused`.
    """
    named, _, reason = words.strip().partition(" ")
    return hold_case(uow, case_id=_case(uow, named).id, reason=reason, user_id=user_id, now=now)


def hold_case(uow: UnitOfWork, *, case_id: int, reason: str, user_id: str, now: datetime) -> PlacedHold:
    """Place the case under legal hold, or change the reason. Raises `Refused` without one."""
    case = uow.cases.get(case_id)
    if not (reason := " ".join(reason.split())[:MAX_REASON]):
        raise Refused(NO_REASON)
    before = next(iter(uow.records.holds.of_cases([case.id])), None)
    hold = LegalHold(case_id=case.id, reason=reason, placed_by=user_id, placed_at=now)
    uow.records.holds.put(hold)
    case = save_change(
        uow, case, actor=user_id, action=Action.HOLD_PLACED, now=now, detail={"reason": reason}
    )
    return PlacedHold(case, hold, before)


def lift_hold(uow: UnitOfWork, *, words: str, user_id: str, now: datetime) -> Case:
    """Lift the hold of the case that `words` name; what follows is the reason, if any. Raises `Refused`."""
    named, _, reason = words.strip().partition(" ")
    return release_case(uow, case_id=_case(uow, named).id, reason=reason, user_id=user_id, now=now)


def release_case(uow: UnitOfWork, *, case_id: int, reason: str, user_id: str, now: datetime) -> Case:
    """Lift the hold of the case. Raises `Refused` where there is none."""
    case, reason = uow.cases.get(case_id), " ".join(reason.split())[:MAX_REASON]
    if not uow.records.holds.remove(case.id):
        raise Refused(NOT_HELD)
    detail = {"reason": reason} if reason else None
    return save_change(uow, case, actor=user_id, action=Action.HOLD_LIFTED, now=now, detail=detail)


def _case(uow: UnitOfWork, words: str) -> Case:
    if not words:
        raise Refused(NO_NAME)
    case = case_named(uow, words)
    if case is None:
        raise Refused(NO_CASE)
    return case
