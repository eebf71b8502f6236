"""Authenticate the sender of a private message against its hand-off."""

from collections.abc import Sequence

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.email_addresses import same_address
from domain.handoffs.handoff import Handoff
from domain.intake.private_messages import IncomingMessage
from domain.venues import Venue


def is_sender_proven(
    message: IncomingMessage, case: Case, handoff: Handoff, answered: Sequence[Message]
) -> bool:
    """Return whether the sender is the person at the hand-off or, by direct message, the case's author.

    Networks authenticate their accounts, and a chat's cookie is known to its visitor alone. The sender of a
    mail can be forged: it must be the hand-off's address, and the mail must carry a secret that we sent to
    that address alone. `answered` are our messages whose ids the message names in `answers`.
    """
    match message.venue:
        case Venue.CHAT:
            return message.handoff_id == handoff.id
        case Venue.EMAIL:
            sender = message.address or ""
            is_known_address = handoff.address is not None and same_address(sender, handoff.address)
            return is_known_address and _has_signed_reference(message, handoff, answered)
        case Venue.DM:
            is_author = (message.network, message.author.id) == (case.network, case.author.id)
            return is_author or (handoff.venue is Venue.DM and handoff.address == message.author.id)
    return False


def _has_signed_reference(message: IncomingMessage, handoff: Handoff, answered: Sequence[Message]) -> bool:
    """Return whether the mail carries the hand-off's reply token, or the Message-ID of a mail sent to it.

    Both are signed, so that they cannot be guessed.
    """
    if message.handoff_id == handoff.id:
        return True
    return any(ours.venue is Venue.EMAIL and ours.handoff_id == handoff.id for ours in answered)
