"""Act where the target of a wait is near or missed: tell, raise the rank, release the case."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case, CaseEvent
from domain.cases.deadlines import Alarm, Target, alarms, with_alarms
from domain.cases.service_levels import MissedTargetAct
from domain.records.audit import SYSTEM, Action
from handlers.cases.transitions import apply_event, notify, save_change
from storage.unit_of_work import UnitOfWork

BATCH = 20
_ACTIONS = {
    (Target.ANSWER, False): Action.ANSWER_DUE_SOON,
    (Target.ANSWER, True): Action.ANSWER_OVERDUE,
    (Target.RESOLUTION, False): Action.RESOLUTION_DUE_SOON,
    (Target.RESOLUTION, True): Action.RESOLUTION_OVERDUE,
}


def has_deadlines(uow: UnitOfWork, *, now: datetime) -> bool:
    """Return whether any alarm is due."""
    return bool(uow.responses.to_check(now, limit=1))


def act_on_deadlines(uow: UnitOfWork, *, managers: Collection[str], now: datetime) -> int:
    """Act on the alarms that are due, of at most `BATCH` waits; return how many waits those were.

    `managers` are the people or channels that `MissedTargetAct.MANAGER` notifies. Each alarm is acted on
    once: whoever marks its wait first, over all copies of the bot and their restarts, does it.
    """
    case_ids = {wait.case_id for wait in uow.responses.to_check(now, limit=BATCH)}
    uow.cases.lock(case_ids)
    # Again, as whoever held a case may have written its wait meanwhile.
    found = [wait for wait in uow.responses.to_check(now, limit=BATCH) if wait.case_id in case_ids]
    for wait in found:
        due = alarms(wait, uow.service_levels, now)
        if uow.responses.mark_checked(wait, with_alarms(wait, due, uow.service_levels, now)):
            for alarm in due:
                _act(uow, uow.cases.get(wait.case_id), alarm, managers, now)
    return len(found)


def _act(uow: UnitOfWork, case: Case, alarm: Alarm, managers: Collection[str], now: datetime) -> None:
    acts = alarm.level.at_breach if alarm.is_missed else alarm.level.at_warning
    action, holder = _ACTIONS[alarm.target, alarm.is_missed], case.claimed_by
    is_released = MissedTargetAct.RELEASE in acts and holder is not None
    raised_at = case.raised_at or now if MissedTargetAct.RAISE in acts else case.raised_at
    detail = {
        "due": alarm.due_at.isoformat(),
        "level": alarm.level.name,
        "acts": sorted(act.value for act in acts),
        "released_from": holder if is_released else None,
    }
    if is_released:
        changed = apply_event(
            uow,
            case,
            CaseEvent.RELEASE,
            actor=SYSTEM,
            action=action,
            now=now,
            detail=detail,
            claimed_by=None,
            claimed_at=None,
            raised_at=raised_at,
        )
    else:
        changed = save_change(
            uow, replace(case, raised_at=raised_at), actor=SYSTEM, action=action, now=now, detail=detail
        )
    notified = {holder or changed.channel} if MissedTargetAct.TELL in acts or is_released else set()
    if MissedTargetAct.MANAGER in acts:
        notified |= set(managers)
    for person in sorted(notified):
        notify(uow, changed, person, action, actor=SYSTEM, now=now)
