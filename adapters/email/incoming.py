"""Classify a received mail: a customer's message, a bounce, the end of a subscription, or ignored."""

import hashlib
from datetime import datetime

from adapters.email.automatic import (
    automatic_reason,
    is_delivery_report,
    is_feedback_report,
    is_ours,
    sender_name,
    sender_of,
    subject_of,
)
from adapters.email.body import files_of, text_of
from adapters.email.bounces import bounce_of, complaint_of
from adapters.email.headers import RawMessage, addresses, message_ids
from adapters.email.message_ids import EmailIdentity
from adapters.email.mime import parse, parse_headers, parts
from adapters.email.quote_stripping import MAX_TEXT_LENGTH, new_text
from domain.handoffs.email_addresses import email_address
from domain.intake.email import IgnoredEmail, MailContent, UnreadableEmail, Unsubscription
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingMessage
from domain.venues import Venue

NETWORK = "email"
_MAX_NAME_LENGTH = 100
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To")


def read(content: bytes, at: datetime, identity: EmailIdentity, *, is_whole: bool = True) -> MailContent:
    """Parse a mail. `at` is its arrival at the server (INTERNALDATE).

    `is_whole` is false where only the beginning of the mail was fetched.
    """
    try:
        message = parse(content)
    except ValueError:
        return _unreadable(parse_headers(content))
    if (handled := _handled_without_case(message, identity)) is not None:
        return handled
    handoff_id = _handoff_id(message, identity)
    answers = [*message_ids(message, "In-Reply-To"), *reversed(message_ids(message, "References"))]
    answers_us = handoff_id is not None or any(identity.is_own_id(message_id) for message_id in answers)
    ignored_because = automatic_reason(message, identity, answers_us=answers_us)
    if ignored_because is not None:
        return IgnoredEmail(why=ignored_because, subject=subject_of(message))
    sender = email_address(sender_of(message))
    if sender is None:
        return _unreadable(message)
    leaf_parts = list(parts(message))
    whole = text_of(leaf_parts)[:MAX_TEXT_LENGTH].strip()
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
        files=files_of(leaf_parts, is_whole=is_whole),
        subject=subject_of(message) or None,
        original=whole if whole != text else None,
    )


def _handled_without_case(message: RawMessage, identity: EmailIdentity) -> MailContent | None:
    """Return a report about a mail of ours, or the end of a subscription; `None` for any other mail."""
    if is_delivery_report(message) and not is_ours(message, identity):
        return bounce_of(message, identity)
    if is_feedback_report(message):
        return complaint_of(message, identity)
    subscriber_id = _subscriber_id(message, identity)
    return Unsubscription(subscriber_id=subscriber_id) if subscriber_id is not None else None


def _unreadable(message: RawMessage) -> UnreadableEmail:
    return UnreadableEmail(subject=subject_of(message), sender=sender_of(message)[:_MAX_NAME_LENGTH])


def _author(address: str, name: str) -> Author:
    return Author(id=address, handle=address, name=name[:_MAX_NAME_LENGTH] or address.partition("@")[0])


def _handoff_id(message: RawMessage, identity: EmailIdentity) -> int | None:
    found = (identity.handoff_of(address) for _, address in addresses(message, *_RECIPIENTS))
    return next((handoff_id for handoff_id in found if handoff_id is not None), None)


def _subscriber_id(message: RawMessage, identity: EmailIdentity) -> int | None:
    found = (identity.subscriber_of(address) for _, address in addresses(message, *_RECIPIENTS))
    return next((subscriber_id for subscriber_id in found if subscriber_id is not None), None)


def _external_id(message: RawMessage, content: bytes) -> str:
    """Return the Message-ID, else a hash of the content, so that a mail without one is deduplicated too."""
    ids = message_ids(message, "Message-ID")
    return ids[0] if ids else f"sha256-{hashlib.sha256(content).hexdigest()}"
