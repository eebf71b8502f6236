"""What becomes of the line that offers the customer another venue, and of the offer with it.

Where we may write to the customer first, the line is the first message at the new venue: the conversation is there once it was sent, and
stays where it was if it was not.
"""

from datetime import datetime

from domain.errors import Refused
from domain.handoffs import Handoff, HandoffEvent, HandoffState, happened
from domain.messages import Message
from domain.ports import UnitOfWork
from domain.venues import Venue
from handlers.handoffs import replace_those
from handlers.private import has_opted_out

_MAY_BE_SENT = {HandoffState.OFFERED, HandoffState.EXPIRED, HandoffState.ARRIVED}


def line_sent(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """The message is out: where it opened a venue, the conversation is there now; the caller saves the case."""
    handoff = _opened_by(uow, message)
    if handoff is not None and handoff.state in {HandoffState.OFFERED, HandoffState.EXPIRED}:
        replace_those(uow, message.case_id, HandoffState.ARRIVED, now=now)
        uow.handoffs.save(happened(handoff, HandoffEvent.ARRIVE, now))


def line_failed(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """The message will not go out: where it was to open a venue, nothing has opened; the caller saves the case."""
    handoff = _opened_by(uow, message)
    if handoff is not None and handoff.state is HandoffState.OFFERED:
        uow.handoffs.save(happened(handoff, HandoffEvent.EXPIRE, now))


def require_place(uow: UnitOfWork, message: Message) -> None:
    """Refuse to send again what would go where the customer is no more, or does not want it, or offers what has been taken back."""
    for handoff in uow.handoffs.of_case(message.case_id):
        opens = handoff.message_id == message.id
        if opens and handoff.state not in _MAY_BE_SENT:
            raise Refused("Nothing was sent: that offer has ended. Press Move to… to make a new one.")
        if handoff.id == message.handoff_id and not opens and handoff.state is not HandoffState.ARRIVED:
            raise Refused(
                f"Nothing was sent: the customer is no longer in the {handoff.venue.label.lower()}. "
                "The card shows where the conversation is."
            )
    if message.venue is Venue.DM and has_opted_out(uow, uow.cases.get(message.case_id)):
        raise Refused("Nothing was sent: the customer has asked not to be written to in private.")


def _opened_by(uow: UnitOfWork, message: Message) -> Handoff | None:
    """The hand-off that this message begins, where it goes to the new venue itself."""
    if message.handoff_id is None:
        return None
    handoff = uow.handoffs.get(message.handoff_id)
    return handoff if handoff.message_id == message.id else None
