"""Classify a received mail: a customer's message, a bounce, the end of a subscription, or ignored."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from adapters.email.authentication import sender_check
from adapters.email.automatic import (
    has_null_sender,
    ignored_reason,
    is_automatic,
    is_automatic_answer,
    is_delivery_report,
    is_feedback_report,
    is_journal_of_ours,
    is_of_form,
    is_of_list,
    is_ours,
    is_own_list,
    subject_of,
)
from adapters.email.body import files_of, forwarded_text_of, has_programs_quote, text_of
from adapters.email.bounces import bounce_of, complaint_of, receipt_ids
from adapters.email.damaged_headers import HEADER_END
from adapters.email.headers import RawMessage, addresses, header_values, message_ids, raw, recipients
from adapters.email.message_ids import EmailIdentity
from adapters.email.mime import Part, parse, parse_headers, parts
from adapters.email.quote_stripping import MAX_TEXT_LENGTH, new_text, normalized
from adapters.email.sender import Sender, is_own_address, sender_of
from domain.intake.email import (
    AutomaticEmail,
    IgnoredEmail,
    MailContent,
    UnreadableEmail,
    UnreadableReason,
    Unsubscription,
)
from domain.intake.mail_banners import without_banner
from domain.intake.mail_footers import without_list_footer
from domain.intake.own_name import OwnName
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingFile, IncomingMessage, SenderCheck
from domain.intake.quoted_text import MailText
from domain.venues import Venue

NETWORK = "email"
_MAX_SENDER_LENGTH = 100
_AUTHORS_HEADERS = ("From", "To", "Cc", "Subject", "Date")
_MAX_ANSWERS = 50  # Message-IDs
_MAX_ODD_IDS = 10_000  # characters of a header that are searched for odd ones
_MAX_AUTOMATIC_LENGTH = 500  # characters of an automatic answer that are kept


def read(
    content: bytes,
    at: datetime,
    identity: EmailIdentity,
    *,
    is_whole: bool = True,
    phrases: Sequence[str] = (),
    subjects: Sequence[str] = (),
) -> MailContent:
    """Parse a mail. `at` is its arrival at the server (INTERNALDATE).

    `is_whole` is false where only the beginning of the mail was fetched. `phrases` are as in `MailText`,
    `subjects` those of the mails with which we begin a conversation.
    """
    try:
        message = parse(content)
    except ValueError:
        return _unreadable(parse_headers(content), UnreadableReason.MALFORMED, identity)
    if (handled := _handled_without_case(message, identity)) is not None:
        return handled
    handoff_id, answers = _handoff_id(message, identity), _answers(message, identity)
    answers_us = handoff_id is not None or any(map(identity.is_own_id, answers))
    sender = sender_of(message, identity)
    is_form = (sender.is_passed_on or sender.is_by_form) and not answers_us and is_of_form(message)
    is_by_program = (is_automatic(message) and not is_form) or has_null_sender(message)
    if is_by_program or (answers_us and is_automatic_answer(message, subjects)):
        return _automatic(message, content, sender, identity, handoff_id, answers if answers_us else [])
    if (other := _no_letter(message, sender, identity, answers_us=answers_us)) is not None:
        return other
    leaf_parts = list(parts(message))
    mail = _mail_text(
        message,
        leaf_parts,
        identity,
        phrases,
        is_passed_on=sender.is_passed_on or is_own_list(message, identity),
        answers_us=answers_us,
    )
    text, whole = _said(mail), "\n\n".join(filter(None, (mail.whole, mail.attached)))[:MAX_TEXT_LENGTH]
    return IncomingMessage(
        venue=Venue.EMAIL,
        network=NETWORK,
        account_id=identity.address,
        external_id=_external_id(message, content),
        author=Author(id=sender.address, handle=sender.address, name=identity.without_tokens(sender.name)),
        text=text,
        at=at,
        address=sender.address,
        handoff_id=handoff_id,
        answers=answers,
        files=_files(leaf_parts, identity, is_whole=is_whole),
        subject=_subject(message, identity) or None,
        original=whole if whole != text else None,
        mail=mail,
        sender_check=SenderCheck.NONE if sender.is_unproven else sender_check(message, identity),
    )


def _no_letter(
    message: RawMessage, sender: Sender, identity: EmailIdentity, *, answers_us: bool
) -> IgnoredEmail | UnreadableEmail | None:
    """Return why a person's mail has no case; `None` where it is a letter of somebody who can be answered."""
    is_passed_on = sender.is_passed_on or is_own_list(message, identity) or _is_filled_in(message, sender)
    why = ignored_reason(message, answers_us=answers_us, is_passed_on=is_passed_on)
    if why is not None:
        return IgnoredEmail(why=why, subject=_subject(message, identity))
    if not sender.address:
        return _unreadable(message, UnreadableReason.NO_SENDER, identity)
    if is_own_address(sender.address, identity):
        return _unreadable(message, UnreadableReason.OUR_OWN_NAME, identity)
    return None


def _is_filled_in(message: RawMessage, sender: Sender) -> bool:
    """Return whether a form's program tells what its sender typed, whose address is in it.

    Such programs offer an unsubscription, too; a newsletter does not say whom to answer.
    """
    if not sender.is_by_form or not sender.address or is_of_list(message):
        return False
    return sender.address.casefold() in text_of(list(parts(message))).casefold()


def _mail_text(
    message: RawMessage,
    leaf_parts: Sequence[Part],
    identity: EmailIdentity,
    phrases: Sequence[str],
    *,
    is_passed_on: bool,
    answers_us: bool,
) -> MailText:
    own = OwnName(identity.address, identity.name)

    def shown(text: str) -> str:
        return identity.without_tokens(own.without_token(normalized(text)))

    whole = without_banner(shown(text_of(leaf_parts)))
    return MailText(
        whole=without_list_footer(whole) if is_passed_on else whole,
        attached=shown(forwarded_text_of(leaf_parts)),
        subject=_subject(message, identity),
        own=own,
        phrases=phrases,
        is_answer=answers_us or has_programs_quote(leaf_parts),
    )


def _said(mail: MailText) -> str:
    """Return what is new in the mail as far as it tells by itself, with what attached mails say."""
    new = new_text(mail.whole, mail.own, subject=mail.subject, is_answer=mail.is_answer) or mail.subject
    return "\n\n".join(filter(None, (new, mail.attached)))[:MAX_TEXT_LENGTH]


def _handled_without_case(message: RawMessage, identity: EmailIdentity) -> MailContent | None:
    """Return a report about a mail of ours, or the end of a subscription; `None` for any other mail."""
    if is_ours(message, identity) or is_journal_of_ours(message, identity):
        return IgnoredEmail(why="it is our own", subject=_subject(message, identity))
    if is_delivery_report(message, identity):
        return bounce_of(message, identity)
    if is_feedback_report(message):
        return complaint_of(message, identity)
    subscriber_id = _subscriber_id(message, identity)
    return Unsubscription(subscriber_id=subscriber_id) if subscriber_id is not None else None


def _automatic(
    message: RawMessage,
    content: bytes,
    sender: Sender,
    identity: EmailIdentity,
    handoff_id: int | None,
    answers: list[str],
) -> AutomaticEmail | IgnoredEmail:
    """Return what a program answered to us; a mail of a program that answers nothing of ours is ignored."""
    if handoff_id is None and not answers:
        return IgnoredEmail(why="a program sent it by itself", subject=_subject(message, identity))
    mail = _mail_text(message, list(parts(message)), identity, (), is_passed_on=False, answers_us=True)
    return AutomaticEmail(
        sender=sender.address or identity.without_tokens(sender.name),
        subject=_subject(message, identity),
        text=_said(mail)[:_MAX_AUTOMATIC_LENGTH],
        external_id=_external_id(message, content),
        handoff_id=handoff_id,
        answers=answers,
    )


def _unreadable(message: RawMessage, why: UnreadableReason, identity: EmailIdentity) -> UnreadableEmail:
    written = next((address for _, address in addresses(message, "From")), "")
    sender = identity.without_tokens(written)[:_MAX_SENDER_LENGTH]
    return UnreadableEmail(subject=_subject(message, identity), sender=sender, why=why)


def _subject(message: RawMessage, identity: EmailIdentity) -> str:
    return identity.without_tokens(subject_of(message))


def _files(leaf_parts: Sequence[Part], identity: EmailIdentity, *, is_whole: bool) -> list[IncomingFile]:
    found = files_of(leaf_parts, is_whole=is_whole)
    return [replace(file, name=identity.without_tokens(file.name)) for file in found]


def _answers(message: RawMessage, identity: EmailIdentity) -> list[str]:
    """Return the mails that this one answers, the likeliest first: ours of any age, then others.

    Programs that answer by themselves write to the envelope sender, and may name nothing else.
    """
    sent_from = map(identity.reported_id, recipients(message))
    named = [*message_ids(message, "In-Reply-To"), *reversed(message_ids(message, "References"))]
    ids = [*named, *receipt_ids(message)]
    ours = [message_id for message_id in ids if identity.is_own_id(message_id)]
    odd = [found for name in ("In-Reply-To", "References") for found in _odd_ids(message, name, identity)]
    return list(dict.fromkeys([*filter(None, sent_from), *(ours + odd)[:_MAX_ANSWERS], *ids[:_MAX_ANSWERS]]))


def _odd_ids(message: RawMessage, name: str, identity: EmailIdentity) -> list[str]:
    """Return our Message-IDs that a program folded, or wrote without brackets."""
    values = header_values(message, name, _MAX_ODD_IDS)
    return [found for value in values for found in identity.own_ids_in("".join(value.split()))]


def _handoff_id(message: RawMessage, identity: EmailIdentity) -> int | None:
    found = map(identity.handoff_of, recipients(message))
    return next((handoff_id for handoff_id in found if handoff_id is not None), None)


def _subscriber_id(message: RawMessage, identity: EmailIdentity) -> int | None:
    found = map(identity.subscriber_of, recipients(message))
    return next((subscriber_id for subscriber_id in found if subscriber_id is not None), None)


def _external_id(message: RawMessage, content: bytes) -> str:
    """Return the Message-ID, else a hash of what its author sent, by which one without it is recognised.

    What servers write above it differs where it comes by two ways; two mails differ in their dates.
    """
    ids = message_ids(message, "Message-ID")
    if ids:
        return ids[0]
    if message.get("Date"):
        header = "\n".join(raw(message, name) for name in _AUTHORS_HEADERS)
        content = header.encode("utf-8", "replace") + HEADER_END.split(content, maxsplit=1)[-1]
    return f"sha256-{hashlib.sha256(content).hexdigest()}"
