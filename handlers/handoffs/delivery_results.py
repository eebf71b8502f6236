"""Apply the delivery result of a message to its hand-off.

Where we may write to the customer first, the message that offers a venue is the first one there: the hand-off
arrives when it was sent, and expires if it failed.
"""

from dataclasses import replace
from datetime import datetime

from domain.cases.messages import Message
from domain.errors import CustomerLeft, Refused
from domain.handoffs.handoff import Handoff, HandoffEvent, HandoffState, transition
from domain.venues import Venue
from handlers.handoffs.current_handoff import supersede
from handlers.handoffs.opt_out import has_opted_out
from storage.unit_of_work import UnitOfWork

_RETRYABLE_STATES = {HandoffState.OFFERED, HandoffState.EXPIRED, HandoffState.ARRIVED}


def apply_message_sent(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """Apply that the message was sent: the hand-off that it opens arrives, any other one is reachable again.

    The caller saves the case.
    """
    handoff = _handoff_opened_by(uow, message)
    if handoff is not None and handoff.state in {HandoffState.OFFERED, HandoffState.EXPIRED}:
        supersede(uow, message.case_id, HandoffState.ARRIVED, now=now)
        uow.handoffs.save(transition(handoff, HandoffEvent.ARRIVE, now))
    elif message.handoff_id is not None:
        uow.handoffs.save(replace(uow.handoffs.get(message.handoff_id), unreachable_at=None))


def apply_message_failed(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """Apply that the message was not sent.

    The hand-off that it was to open expires. The caller saves the case.
    """
    handoff = _handoff_opened_by(uow, message)
    if handoff is not None and handoff.state is HandoffState.OFFERED:
        uow.handoffs.save(transition(handoff, HandoffEvent.EXPIRE, now))


def mark_unreachable(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """Set `unreachable_at` of the message's hand-off. The caller saves the case.

    The customer cannot be written to there until they write again.
    """
    if message.handoff_id is not None:
        uow.handoffs.save(replace(uow.handoffs.get(message.handoff_id), unreachable_at=now))


def require_reachable(uow: UnitOfWork, message: Message) -> None:
    """Raise `Refused` where a reply cannot be retried.

    Its offer has ended, the customer has left its venue, or they have opted out of direct messages.
    """
    for handoff in uow.handoffs.of_case(message.case_id):
        is_first_message = handoff.message_id == message.id
        if is_first_message and handoff.state not in _RETRYABLE_STATES:
            raise Refused("Nothing was sent: that offer has ended. Press Move to… to make a new one.")
        if (
            handoff.id == message.handoff_id
            and not is_first_message
            and handoff.state is not HandoffState.ARRIVED
        ):
            raise CustomerLeft(handoff.venue)
    if message.venue is Venue.DM and has_opted_out(uow, uow.cases.get(message.case_id)):
        raise Refused("Nothing was sent: the customer has asked not to be written to in private.")


def _handoff_opened_by(uow: UnitOfWork, message: Message) -> Handoff | None:
    """Return the hand-off whose first message at its venue this is; `None` for any other message."""
    if message.handoff_id is None:
        return None
    handoff = uow.handoffs.get(message.handoff_id)
    return handoff if handoff.message_id == message.id else None
