"""Our mails: what is written, to whom, and how it joins the conversation."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

from adapters.email.message_ids import Identity
from adapters.email.quote import quoted
from adapters.email.verification import proving
from adapters.email.words import MailWords
from domain.cases.files import File
from domain.cases.messages import Direction, Message
from domain.handoffs.email_addresses import email_address
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue

LONGEST_SUBJECT = 200  # characters
_MOST_REFERENCES = 20  # of a long conversation the first and the newest are named, as RFC 5322 lets us
_POLICY = SMTP_POLICY.clone(cte_type="7bit")  # not every server on the way takes more
_RE = re.compile(
    r"(?:(?:re|aw|antw|rv|res|r|sv|fwd?|wg|tr|回复|答复)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_MESSAGE_ID = re.compile(r"[^\s<>@]{1,200}@[^\s<>@]{1,200}")


class NoAddress(Exception):
    """It is not known where the customer can be written to; the text says why."""


def message_id_of(message: Message, identity: Identity) -> str:
    """The Message-ID, without its angle brackets: what is stored, else what the message's number makes of it."""
    return message.external_id or identity.message_id(message.id)


def compose(parcel: OutgoingMessage, identity: Identity, words: MailWords) -> EmailMessage:
    """The mail. Raises `NoAddress`. Nobody's text can become a header: line breaks are taken out, and the policy refuses what is left."""
    if parcel.handoff.address is None:
        raise NoAddress("nobody has said yet where the customer can be written to")
    recipient = email_address(parcel.handoff.address)
    if recipient is None:
        raise NoAddress("what stands as the customer's address is none: ask them for it again")
    language, phrases = words.in_language(parcel.case.assessment.language)
    subject = _subject(parcel) or phrases.subject.format(brand=identity.name or identity.domain)
    mail = begun(
        identity,
        recipient,
        subject=subject,
        signed=one_line(parcel.signed),
        handoff_id=parcel.handoff.id,
        at=parcel.message.created_at,
        message_id=message_id_of(parcel.message, identity),
    )
    references = _references(parcel.earlier)
    if references:
        mail["In-Reply-To"] = f"<{references[-1]}>"
        mail["References"] = " ".join(f"<{reference}>" for reference in references)
    shown = {
        "text": plain(parcel.message.text),
        "signed": one_line(parcel.signed),
        "proof": proving(parcel, phrases),
        "earlier": quoted(parcel, identity, phrases),
        "words": phrases,
        "language": language,
        "subject": subject,
    }
    mail.set_content(words.text.render(shown))
    mail.add_alternative(words.html.render(shown), subtype="html")
    for file in parcel.files:
        _attach(mail, file)
    return mail


def begun(
    identity: Identity,
    recipient: str,
    *,
    subject: str,
    handoff_id: int,
    at: datetime,
    message_id: str,
    signed: str = "",
) -> EmailMessage:
    """A mail of ours with its headers and nothing in it yet; an answer to it finds the hand-off."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _from(signed, identity)
    mail["To"] = Address(addr_spec=recipient)
    mail["Reply-To"] = Address(identity.name, addr_spec=identity.reply_address(handoff_id))
    mail["Subject"] = subject
    mail["Date"] = at
    mail["Message-ID"] = f"<{message_id}>"
    return mail


def plain(text: str) -> str:
    """The text without what no mail may hold: control characters and halves of characters; lines end in a line feed."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The text as a header may hold it."""
    return " ".join(plain(text).split())


def bare_subject(subject: str) -> str:
    """The subject without the "Re:" of any language before it."""
    return _RE.sub("", one_line(subject), count=1).strip()


def _from(signed: str, identity: Identity) -> Address:
    name = f"{signed} ({identity.name})" if signed and identity.name else signed or identity.name
    return Address(name[:100], addr_spec=identity.address)


def _subject(parcel: OutgoingMessage) -> str:
    if parcel.message.subject:
        return one_line(parcel.message.subject)[:LONGEST_SUBJECT]
    mails = [m for m in parcel.earlier if m.venue is Venue.EMAIL and m.subject and bare_subject(m.subject)]
    return f"Re: {bare_subject(mails[-1].subject or '')}"[:LONGEST_SUBJECT] if mails else ""


def _references(earlier: Sequence[Message]) -> list[str]:
    """The Message-IDs of the conversation's mails, oldest first, the customer's newest at the end: that is what is answered."""
    mails = [m for m in earlier if m.venue is Venue.EMAIL and _MESSAGE_ID.fullmatch(m.external_id or "")]
    ids = list(dict.fromkeys(str(m.external_id) for m in mails))
    theirs = [str(m.external_id) for m in mails if m.direction is Direction.IN]
    if theirs:
        ids.remove(theirs[-1])
        ids.append(theirs[-1])
    return ids if len(ids) <= _MOST_REFERENCES else [ids[0], *ids[1 - _MOST_REFERENCES :]]


def _attach(mail: EmailMessage, file: File) -> None:
    if file.content is None:
        raise ValueError(f"the file {file.id} has not been fetched")
    kind, _, subtype = file.media_type.partition("/")
    mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=one_line(file.name)[:150])
