"""Mail notices to the subscribers of the e-mail list, and the link that confirms a subscription."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from adapters.email.compose import MAX_SUBJECT_LENGTH, clean_text, new_mail, one_line
from adapters.email.links import SubscriberLinks
from adapters.email.message_ids import EmailIdentity
from adapters.email.server_urls import Server
from adapters.email.smtp import SmtpConnection, send, wire_content
from adapters.email.words import MailWords
from domain.delivery.outcomes import Failed, Outcome
from domain.handoffs.email_addresses import email_address
from domain.outages.destinations import OutgoingNotice
from domain.outages.subscribers import NoticeMail, Subscriber, mail_id_of

#: Stands for a subscriber's link in a mail that is composed once for all of them; no URL or word has it.
_LINK = "https://unsubscribe.invalid/7f0c2d"
_LINES = 2  # of the link in a mail: in the text, and in the HTML


@dataclass(frozen=True, slots=True)
class _Template:
    """A mail without what differs by subscriber, as `wire_content` makes it.

    `head` ends with a line end, `body` begins with an empty line.
    """

    head: bytes
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberMails:
    """Composes and sends the list's mails. `public_url` is where customers reach the web side."""

    smtp: Server
    identity: EmailIdentity
    words: MailWords
    public_url: str
    links: SubscriberLinks = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "links", SubscriberLinks(self.public_url, self.identity.key))

    def message_id_of(self, publication_id: int, subscriber_id: int) -> str:
        """Return the Message-ID of a notice to a subscriber, without angle brackets."""
        return self.identity.notice_message_id(publication_id, subscriber_id)

    def connections(self, count: int) -> list[SmtpConnection]:
        """Return connections to the mail server, which their first mail opens."""
        return [SmtpConnection(self.smtp, self.identity.envelope_sender("")) for _ in range(count)]

    def contents(self, notice: OutgoingNotice, mails: Sequence[NoticeMail], at: datetime) -> dict[int, bytes]:
        """Compose the notice for each of the mails, as it is sent; by the mail's id.

        Raises `ValueError` for a notice without a text, and for a template that cannot be filled.
        """
        if not notice.texts:
            raise ValueError("the notice has no text for this list")
        templates: dict[tuple[str, bool], _Template] = {}
        contents = {}
        for mail in mails:
            language = mail.language if mail.language in notice.texts else next(iter(notice.texts))
            key = language, mail.thread is not None
            if key not in templates:
                templates[key] = self._template(notice, language, at, follows=key[1])
            contents[mail.id] = self._filled(templates[key], mail)
        return contents

    def sender_of(self, mail: NoticeMail) -> str:
        """Return the envelope sender, to which a report about this mail comes back."""
        return self.identity.envelope_sender(mail.message_id)

    async def send_confirmation(self, subscriber: Subscriber) -> Outcome:
        """Mail the link that confirms the subscription: one try, no retry."""
        if email_address(subscriber.address) is None or subscriber.asked is None or not subscriber.asked_at:
            return Failed("there is nothing to confirm, or no address to write to")
        mail = await asyncio.to_thread(
            self._confirmation, subscriber, subscriber.asked.language, subscriber.asked_at
        )
        return await send(self.smtp, mail, self.identity.envelope_sender(""), subscriber.address)

    def _confirmation(self, subscriber: Subscriber, wanted: str, at: datetime) -> EmailMessage:
        language, phrases = self.words.in_language(wanted)
        subject = self._branded(phrases.confirm_subject)
        mail = new_mail(
            self.identity,
            subscriber.address,
            subject=subject,
            handoff_id=None,
            at=at,
            message_id=f"{mail_id_of(subscriber.nonce)}.confirm@{self.identity.domain}",
        )
        mail["Auto-Submitted"] = "auto-generated"
        values = {
            "intro": self._branded(phrases.confirm_intro),
            "link": self.links.confirm(subscriber.id, subscriber.nonce),
            "button": phrases.confirm_button,
            "ignore": phrases.confirm_ignore,
            "language": language,
            "subject": subject,
        }
        mail.set_content(self.words.confirm_text.render(values))
        mail.add_alternative(self.words.confirm_html.render(values), subtype="html")
        return mail

    def _template(self, notice: OutgoingNotice, language: str, at: datetime, *, follows: bool) -> _Template:
        """Compose what all mails in a language share. `follows`: it belongs to an earlier mail's thread."""
        used, phrases = self.words.in_language(language)
        brand = self.identity.name or self.identity.domain
        title = one_line(f"{brand}: {notice.title}")[: MAX_SUBJECT_LENGTH - 4]
        mail = new_mail(
            self.identity,
            None,
            subject=f"Re: {title}" if follows else title,
            handoff_id=None,
            at=at,
            message_id=None,
        )
        mail["Auto-Submitted"] = "auto-generated"
        mail["Precedence"] = "bulk"
        mail["List-Id"] = f"<outages.{self.identity.domain}>"
        values = {
            "brand": one_line(brand),
            "text": clean_text(notice.texts[language]).strip(),
            "text_language": language,
            "why": self._branded(phrases.notice_why),
            "unsubscribe": phrases.notice_unsubscribe,
            "link": _LINK,
            "language": used,
            "subject": title,
        }
        mail.set_content(self.words.notice_text.render(values), cte="quoted-printable")
        mail.add_alternative(self.words.notice_html.render(values), subtype="html", cte="quoted-printable")
        head, _, body = wire_content(mail.as_bytes()).partition(b"\r\n\r\n")
        if body.count(_LINK.encode()) != _LINES:
            raise ValueError("the link must be in the text and the HTML once each, early in its line")
        return _Template(head + b"\r\n", b"\r\n" + body)

    def _filled(self, template: _Template, mail: NoticeMail) -> bytes:
        """Return the mail to one subscriber, as it is sent.

        What is filled in is ASCII; no line break can be in it, and none of its lines begins with a dot.
        """
        link = self.links.unsubscribe(mail.subscriber_id)
        headers = {
            "To": email_address(mail.address) or "undisclosed-recipients:;",
            "Message-ID": f"<{mail.message_id}>",
            "List-Unsubscribe": f"<{link}>,\r\n <mailto:{self.identity.unsubscribe_address(mail.subscriber_id)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        if mail.thread is not None:
            headers["In-Reply-To"] = headers["References"] = f"<{mail.thread}>"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return (
            template.head
            + lines.encode("ascii")
            + template.body.replace(_LINK.encode(), link.encode("ascii"))
        )

    def _branded(self, phrase: str) -> str:
        return one_line(phrase.replace("{brand}", self.identity.name or self.identity.domain))
