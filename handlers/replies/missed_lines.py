"""Find lines for the customer that were never handled, and record those that are too old to send."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.cases.case import CardThread
from domain.cases.messages import Direction
from domain.records.audit import Action
from handlers.cases.transitions import save_change
from storage.unit_of_work import UnitOfWork

#: An older line may not be what its author would say now.
SENT_LATE = timedelta(minutes=10)


def threads_in_private(uow: UnitOfWork, *, limit: int) -> list[CardThread]:
    """Return the threads in which lines go to customers."""
    return uow.handoffs.open_threads(limit=limit)


def unhandled_lines(uow: UnitOfWork, *, case_id: int, lines: Sequence[tuple[str, str]]) -> list[str]:
    """Return the `ts` of those lines, by `ts` and idempotency key, that were not stored and not told of."""
    reported = {entry.detail.get("ts") for entry in uow.audit.of_action(case_id, Action.LINE_MISSED)}
    return [ts for ts, key in lines if ts not in reported and uow.messages.by_client_key(key) is None]


def may_still_go(uow: UnitOfWork, *, case_id: int, written_at: datetime, now: datetime) -> bool:
    """Return whether a line can be sent late: it is recent, and we have said nothing since."""
    if now - written_at > SENT_LATE:
        return False
    messages = uow.messages.of_case(case_id)
    return not any(
        message.direction is Direction.OUT and message.created_at > written_at for message in messages
    )


def record_missed_line(
    uow: UnitOfWork, *, case_id: int, ts: str, user_id: str, written_at: datetime, now: datetime
) -> None:
    """Record that a line was not sent, which the thread shows. Idempotent."""
    case = uow.cases.get(case_id)
    if any(entry.detail.get("ts") == ts for entry in uow.audit.of_action(case_id, Action.LINE_MISSED)):
        return
    detail = {"ts": ts, "written_at": written_at.isoformat()}
    save_change(uow, case, actor=user_id, action=Action.LINE_MISSED, now=now, detail=detail)
