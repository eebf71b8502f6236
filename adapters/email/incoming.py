"""What a mail in our mailbox is to us."""

import hashlib
from datetime import datetime

from adapters.email.automatic import is_ours, is_report, not_a_letter, sender_name, sender_of, subject_of
from adapters.email.body import files_of, text_of
from adapters.email.bounces import bounce_of
from adapters.email.headers import RawMessage, addresses, message_ids
from adapters.email.message_ids import Identity
from adapters.email.mime import parse, parse_headers, parts
from adapters.email.quote_stripping import LONGEST_TEXT, new_text
from domain.handoffs.email_addresses import email_address
from domain.intake.email import Bounce, IgnoredEmail, UnreadableEmail
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingMessage
from domain.venues import Venue

NETWORK = "email"
_LONGEST_NAME = 100
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To")


def read(
    content: bytes, at: datetime, identity: Identity, *, is_whole: bool = True
) -> IncomingMessage | Bounce | IgnoredEmail | UnreadableEmail:
    """The mail as the desk takes it. `at` is when the server got it; `is_whole` is false where only its beginning was fetched."""
    try:
        message = parse(content)
    except ValueError:
        return _unread(parse_headers(content))
    if is_report(message) and not is_ours(message, identity):
        return bounce_of(message, identity)
    handoff_id = _handoff(message, identity)
    answers = [*message_ids(message, "In-Reply-To"), *reversed(message_ids(message, "References"))]
    answers_us = handoff_id is not None or any(identity.is_own_id(one) for one in answers)
    why_not = not_a_letter(message, identity, answers_us=answers_us)
    if why_not is not None:
        return IgnoredEmail(why=why_not, subject=subject_of(message))
    sender = email_address(sender_of(message))
    if sender is None:
        return _unread(message)
    leaves = list(parts(message))
    whole = text_of(leaves)[:LONGEST_TEXT].strip()
    text = new_text(whole) or subject_of(message)
    return IncomingMessage(
        venue=Venue.EMAIL,
        network=NETWORK,
        account_id=identity.address,
        external_id=_external_id(message, content),
        author=_author(sender, sender_name(message)),
        text=text,
        at=at,
        address=sender,
        handoff_id=handoff_id,
        answers=list(dict.fromkeys(answers)),
        files=files_of(leaves, is_whole=is_whole),
        subject=subject_of(message) or None,
        original=whole if whole != text else None,
    )


def _unread(message: RawMessage) -> UnreadableEmail:
    return UnreadableEmail(subject=subject_of(message), sender=sender_of(message)[:_LONGEST_NAME])


def _author(address: str, name: str) -> Author:
    return Author(id=address, handle=address, name=name[:_LONGEST_NAME] or address.partition("@")[0])


def _handoff(message: RawMessage, identity: Identity) -> int | None:
    found = (identity.handoff_of(address) for _, address in addresses(message, *_RECIPIENTS))
    return next((handoff_id for handoff_id in found if handoff_id is not None), None)


def _external_id(message: RawMessage, content: bytes) -> str:
    """The Message-ID; where its program gave it none, what its content makes, so that it is known again all the same."""
    ids = message_ids(message, "Message-ID")
    return ids[0] if ids else f"sha256-{hashlib.sha256(content).hexdigest()}"
