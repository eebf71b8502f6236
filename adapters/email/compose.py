"""Compose our mails: headers, threading, text and HTML."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

from adapters.email.message_ids import EmailIdentity
from adapters.email.quote import quote_earlier
from adapters.email.verification import verification_prompt
from adapters.email.words import MailWords
from domain.cases.files import File
from domain.cases.messages import Direction, Message
from domain.handoffs.email_addresses import email_address
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue

MAX_SUBJECT_LENGTH = 200  # characters
_MAX_REFERENCES = 20  # beyond these the first and the newest are kept, as RFC 5322 allows
_POLICY = SMTP_POLICY.clone(cte_type="7bit")  # not every relay supports 8BITMIME
_REPLY_PREFIX = re.compile(
    r"(?:(?:re|aw|antw|rv|res|r|sv|fwd?|wg|tr|回复|答复)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_MESSAGE_ID = re.compile(r"[^\s<>@]{1,200}@[^\s<>@]{1,200}")


class NoAddress(Exception):
    """The customer's address is missing or invalid; the text says which."""


def message_id_of(message: Message, identity: EmailIdentity) -> str:
    """Return the Message-ID, without angle brackets.

    The stored one, else one derived from the message's id.
    """
    return message.external_id or identity.message_id(message.id)


def compose(outgoing: OutgoingMessage, identity: EmailIdentity, words: MailWords) -> EmailMessage:
    """Compose the mail; its Message-ID is deterministic. Raises `NoAddress`.

    Header injection is excluded: line breaks are removed from every value, and the policy refuses any
    that is left.
    """
    if outgoing.handoff.address is None:
        raise NoAddress("nobody has said yet where the customer can be written to")
    recipient = email_address(outgoing.handoff.address)
    if recipient is None:
        raise NoAddress("what stands as the customer's address is none: ask them for it again")
    language, phrases = words.in_language(outgoing.case.assessment.language)
    subject = _subject(outgoing) or phrases.subject.format(brand=identity.name or identity.domain)
    mail = new_mail(
        identity,
        recipient,
        subject=subject,
        agent_name=one_line(outgoing.agent_name),
        handoff_id=outgoing.handoff.id,
        at=outgoing.message.created_at,
        message_id=message_id_of(outgoing.message, identity),
    )
    references = _references(outgoing.earlier)
    if references:
        mail["In-Reply-To"] = f"<{references[-1]}>"
        mail["References"] = " ".join(f"<{reference}>" for reference in references)
    values = {
        "text": clean_text(outgoing.message.text),
        "signed": one_line(outgoing.agent_name),
        "proof": verification_prompt(outgoing, phrases),
        "earlier": quote_earlier(outgoing, identity, phrases, language),
        "words": phrases,
        "language": language,
        "subject": subject,
    }
    mail.set_content(words.text.render(values))
    mail.add_alternative(words.html.render(values), subtype="html")
    for file in outgoing.files:
        _attach(mail, file)
    return mail


def new_mail(
    identity: EmailIdentity,
    recipient: str | None,
    *,
    subject: str,
    handoff_id: int | None,
    at: datetime,
    message_id: str | None,
    agent_name: str = "",
) -> EmailMessage:
    """Create a mail with its headers and no body; an answer to its `Reply-To` finds the hand-off.

    Headers that are given as `None` are left out.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _from(agent_name, identity)
    if recipient is not None:
        mail["To"] = Address(addr_spec=recipient)
    if handoff_id is not None:
        mail["Reply-To"] = Address(identity.name, addr_spec=identity.reply_address(handoff_id))
    mail["Subject"] = subject
    mail["Date"] = at
    if message_id is not None:
        mail["Message-ID"] = f"<{message_id}>"
    return mail


def clean_text(text: str) -> str:
    """Remove control characters and lone surrogates, and normalise line ends to a line feed."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Collapse the text to one line, as a header may hold it."""
    return " ".join(clean_text(text).split())


def bare_subject(subject: str) -> str:
    """Strip "Re:", "Fwd:" and their translations from the beginning of a subject."""
    return _REPLY_PREFIX.sub("", one_line(subject), count=1).strip()


def _from(agent_name: str, identity: EmailIdentity) -> Address:
    name = f"{agent_name} ({identity.name})" if agent_name and identity.name else agent_name or identity.name
    return Address(name[:100], addr_spec=identity.address)


def _subject(outgoing: OutgoingMessage) -> str:
    if outgoing.message.subject:
        return one_line(outgoing.message.subject)[:MAX_SUBJECT_LENGTH]
    mails = [m for m in outgoing.earlier if m.venue is Venue.EMAIL and m.subject and bare_subject(m.subject)]
    return f"Re: {bare_subject(mails[-1].subject or '')}"[:MAX_SUBJECT_LENGTH] if mails else ""


def _references(earlier: Sequence[Message]) -> list[str]:
    """Return the Message-IDs of the conversation's mails, oldest first.

    The customer's newest one is last: `In-Reply-To` names that.
    """
    mails = [m for m in earlier if m.venue is Venue.EMAIL and _MESSAGE_ID.fullmatch(m.external_id or "")]
    ids = list(dict.fromkeys(str(m.external_id) for m in mails))
    theirs = [str(m.external_id) for m in mails if m.direction is Direction.IN]
    if theirs:
        ids.remove(theirs[-1])
        ids.append(theirs[-1])
    return ids if len(ids) <= _MAX_REFERENCES else [ids[0], *ids[1 - _MAX_REFERENCES :]]


def _attach(mail: EmailMessage, file: File) -> None:
    if file.content is None:
        raise ValueError(f"the file {file.id} has not been fetched")
    kind, _, subtype = file.media_type.partition("/")
    mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=one_line(file.name)[:150])
