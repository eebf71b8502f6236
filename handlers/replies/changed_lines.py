"""Record that an agent changed or deleted a line of a thread that goes, or has gone, to the customer."""

from dataclasses import dataclass
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.records.audit import SYSTEM, Action, Entry
from handlers.cases.cards import refresh_card
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A change of a thread message. `wording` is what it says now for the customer; `None` once deleted.

    `number` tells changes of one message apart: Slack tells of the same change in two ways.
    """

    client_key: str
    number: str
    wording: str | None


def sent_line(uow: UnitOfWork, *, client_key: str) -> Message | None:
    """Return our message that was written as this thread message; `None` where none was."""
    return uow.messages.by_client_key(client_key)


def record_changed_line(uow: UnitOfWork, change: LineChange, *, now: datetime) -> tuple[Case, Message] | None:
    """Record the change of a line that went out; return the case and what the customer has.

    `None` where the line did not go out, says what the customer has, or was recorded before. Not a change of
    the case: its version stays.
    """
    message = uow.messages.by_client_key(change.client_key)
    if message is None or change.wording == message.text:
        return None
    if not uow.handled_requests.add(f"line:{change.client_key}:{change.number}", now):
        return None
    case = uow.cases.get(message.case_id)
    is_deleted = change.wording is None
    entry = Entry(
        at=now,
        # Slack does not say who deleted a message: an admin may have.
        actor=SYSTEM if is_deleted else message.sent_by or SYSTEM,
        action=Action.LINE_DELETED if is_deleted else Action.LINE_EDITED,
        case_id=case.id,
        version=case.version,
        message_id=message.id,
        detail={"by": message.sent_by},
    )
    uow.audit.add_many([entry])
    refresh_card(uow, case, actor=entry.actor, now=now)
    return case, message
