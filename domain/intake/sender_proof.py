"""Authenticate the sender of a private message against its hand-off."""

from collections.abc import Collection, Sequence

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.email_addresses import same_address
from domain.handoffs.handoff import Handoff
from domain.intake.private_messages import IncomingMessage, SenderCheck
from domain.intake.unproven_mails import Doubt
from domain.venues import Venue


def is_sender_proven(message: IncomingMessage, case: Case, handoff: Handoff) -> bool:
    """Return whether the sender is the person at the hand-off or, by direct message, the case's author.

    Networks authenticate their accounts, and a chat's cookie is known to its visitor alone. The sender of a
    mail can be forged: it must be the hand-off's address, and our mail server must have confirmed it. A
    secret that we mailed proves that the mail belongs to the conversation, and not who wrote it.
    """
    match message.venue:
        case Venue.CHAT:
            return message.handoff_id == handoff.id
        case Venue.EMAIL:
            is_known_address = handoff.address is not None and same_address(_sender(message), handoff.address)
            return is_known_address and message.sender_check is SenderCheck.PASSED
        case Venue.DM:
            is_author = (message.network, message.author.id) == (case.network, case.author.id)
            return is_author or (handoff.venue is Venue.DM and handoff.address == message.author.id)
    return False


def doubt_of(
    message: IncomingMessage, handoff: Handoff, answered: Sequence[Message], addresses: Collection[str]
) -> Doubt | None:
    """Return why a mail may not be taken for words of the hand-off's customer; `None` where it may.

    It must come from one of the `addresses` that we know of them, which our mail server must not have called
    forged, and it must be confirmed by that server or answer a mail of ours: `answered` are our messages
    whose ids it names. Where no address is known yet, it is the first one that answers.
    """
    if message.venue is not Venue.EMAIL:
        return None
    if message.sender_check is SenderCheck.FAILED:
        return Doubt.CHECK_FAILED
    if addresses and not any(same_address(_sender(message), known) for known in addresses):
        return Doubt.OTHER_ADDRESS
    is_proven = bool(addresses) and message.sender_check is SenderCheck.PASSED
    return None if is_proven or _has_signed_reference(message, handoff, answered) else Doubt.FROM_ALONE


def _has_signed_reference(message: IncomingMessage, handoff: Handoff, answered: Sequence[Message]) -> bool:
    """Return whether the mail carries the hand-off's reply token, or the Message-ID of a mail sent to it.

    Both are signed, so that they cannot be guessed.
    """
    if message.handoff_id == handoff.id:
        return True
    return any(ours.venue is Venue.EMAIL and ours.handoff_id == handoff.id for ours in answered)


def _sender(message: IncomingMessage) -> str:
    return message.address or ""
