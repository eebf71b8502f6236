"""Record reports about a sent mail that do not take it back: a complaint, and a bounce of some recipients."""

from datetime import datetime

from domain.records.audit import SYSTEM, Action, Entry
from handlers.cases.cards import refresh_card
from handlers.cases.transitions import notify, save_change
from handlers.handoffs.delivery_results import mark_unreachable
from storage.unit_of_work import UnitOfWork


def record_complaint(uow: UnitOfWork, *, message_id: int, now: datetime) -> None:
    """Record that the customer's provider passed on a complaint (RFC 5965) about a reply of ours.

    No mail goes to that address any more, until the customer writes again. Once for each message.
    """
    message = uow.messages.get(message_id)
    case = uow.cases.get(message.case_id)
    if _is_recorded(uow, case.id, message_id, Action.MAIL_COMPLAINED):
        return
    mark_unreachable(uow, message, now=now)
    saved = save_change(
        uow, case, actor=SYSTEM, action=Action.MAIL_COMPLAINED, now=now, message_id=message_id
    )
    notify(uow, saved, saved.claimed_by, Action.MAIL_COMPLAINED, actor=SYSTEM, now=now)


def record_partly_bounced(
    uow: UnitOfWork, *, message_id: int, reason: str, reached: int, recipients: int, now: datetime
) -> None:
    """Record that a reply reached some of the mailboxes that its address leads to. Once for each message."""
    message = uow.messages.get(message_id)
    case = uow.cases.get(message.case_id)
    if _is_recorded(uow, case.id, message_id, Action.MAIL_PARTLY_BOUNCED):
        return
    detail = {"reason": reason, "reached": reached, "recipients": recipients}
    save_change(
        uow,
        case,
        actor=SYSTEM,
        action=Action.MAIL_PARTLY_BOUNCED,
        now=now,
        message_id=message_id,
        detail=detail,
    )


def record_unproven_report(
    uow: UnitOfWork,
    case_id: int,
    *,
    message_id: int | None = None,
    transcript_id: int | None = None,
    reason: str,
    is_complaint: bool,
    now: datetime,
) -> None:
    """Record a report that anybody may have written: the mail stays as it is. Once for each mail."""
    case, action = uow.cases.get(case_id), Action.MAIL_REPORT_UNPROVEN
    detail = {"reason": reason, "complaint": is_complaint}
    if transcript_id is not None:
        detail["transcript"] = transcript_id
    known = [entry for entry in uow.audit.of_case(case_id) if entry.action is action]
    if any(one.message_id == message_id and one.detail.get("transcript") == transcript_id for one in known):
        return
    entry = Entry(
        at=now,
        actor=SYSTEM,
        action=action,
        case_id=case_id,
        version=case.version,
        message_id=message_id,
        detail=detail,
    )
    uow.audit.add_many([entry])
    refresh_card(uow, case, actor=SYSTEM, now=now)
    occasion = f"report-{message_id or 'transcript'}-{transcript_id or 0}"
    notify(uow, case, case.claimed_by, action, actor=SYSTEM, now=now, occasion=occasion)


def _is_recorded(uow: UnitOfWork, case_id: int, message_id: int, action: Action) -> bool:
    entries: list[Entry] = uow.audit.of_case(case_id)
    return any(entry.action is action and entry.message_id == message_id for entry in entries)
