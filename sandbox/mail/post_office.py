"""Route all mail of the sandbox: mailboxes by address, delivery, bounces and automatic replies."""

import time
from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from typing import Any

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.mail.mailbox import Mail, Mailbox
from sandbox.x.events import Broadcast

BRAND = "support@acme.example"
BRAND_NAME = "Acme Support"
#: What the brand's receiving server signs its Authentication-Results with.
AUTHSERV_ID = "mx.acme.example"
PASSWORD = "sandbox-mail"  # noqa: S105 - the sandbox has no secrets
#: Recipients of this domain are refused at once, during the SMTP session.
REFUSED_DOMAIN = "nowhere.example"
#: Mail to this local part is accepted and bounces a moment later.
BOUNCING_USER = "gone"

Responder = Callable[[Message], EmailMessage | None]


class PostOffice:
    """Accept mail from anybody and deliver it to mailboxes, which are created on first use.

    `responders` are automatic responders by address: the mail that one returns is sent. `keeps_sent`: the
    server stores a copy of the brand's mail in its folder of sent mail, as some providers do.
    `reports_before_idle`: new mail is reported only once IDLE was requested, and before the server's
    continuation response to it, as some providers do. `events` receives every mail that is delivered to a
    customer.
    """

    def __init__(
        self,
        ledger: Ledger,
        faults: Faults,
        *,
        events: Broadcast | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.ledger = ledger
        self.faults = faults
        self.clock = clock
        self.events = events or Broadcast()
        self.responders: dict[str, Responder] = {}
        self.keeps_sent = True
        self.reports_before_idle = False
        self.smtp_port = 0
        self.imap_port = 0
        #: The event of the last mail delivered to a customer, for a page that missed it.
        self.last_event: dict[str, Any] = {"number": 0}
        self._mailboxes: dict[str, Mailbox] = {}
        self._serial = 0

    @property
    def brand(self) -> Mailbox:
        """The support address's mailbox."""
        return self.mailbox(BRAND)

    @property
    def addresses(self) -> list[str]:
        """All addresses that have a mailbox, without the brand's."""
        return sorted(self._mailboxes.keys() - {BRAND})

    def mailbox(self, address: str) -> Mailbox:
        """Return the mailbox of an address; a plus suffix is ignored (RFC 5233)."""
        known = plain_address(address)
        return self._mailboxes.setdefault(known, Mailbox(known))

    def refusal(self, address: str) -> str | None:
        """Return why the server refuses mail to this address, or `None` where it accepts it."""
        if address.lower().endswith(f"@{REFUSED_DOMAIN}"):
            return "550 5.1.2 There is no such place"
        return None

    def send(self, sender: str, recipients: Sequence[str], content: bytes) -> None:
        """Accept a mail: store a copy where `keeps_sent` applies, and deliver it.

        `sender` is empty for a bounce.
        """
        mail = message_from_bytes(content)
        self.ledger.record(
            "mail",
            "sent",
            sender=sender,
            recipients=list(recipients),
            message_id=str(mail.get("Message-ID", "")).strip("<> "),
            subject=str(mail.get("Subject", "")),
            size=len(content),
        )
        if sender and plain_address(sender) == BRAND and self.keeps_sent:
            self.brand.sent.add(content, self.clock())
        for recipient in recipients:
            if plain_address(recipient).startswith(f"{BOUNCING_USER}@"):
                self._bounce(sender, recipient, content)
            else:
                self.deliver(sender, recipient, content)

    def deliver(self, sender: str, recipient: str, content: bytes) -> Mail:
        """Put a mail into a mailbox, with the trace headers that the last server adds.

        The brand's server says whether From is of the envelope sender's domain, as DMARC does by SPF.
        """
        trace_headers = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n"
        mailbox = self.mailbox(recipient)
        if mailbox.address == BRAND and sender:
            written = parseaddr(str(message_from_bytes(content).get("From", "")))[1].rpartition("@")[2]
            result = "pass" if written.lower() == sender.lower().rpartition("@")[2] else "fail"
            trace_headers += (
                f"Authentication-Results: {AUTHSERV_ID}; dmarc={result} header.from={written}\r\n"
            )
        mail = mailbox.inbox.add(trace_headers.encode() + content, self.clock())
        self.ledger.record("mail", "delivered", recipient=recipient, uid=mail.uid)
        if mailbox.address != BRAND:
            number = self.last_event["number"] + 1
            self.last_event = {"number": number, "address": mailbox.address, "uid": mail.uid}
            self.events.send("mail", self.last_event)
        responder = self.responders.get(mailbox.address)
        answer = responder(message_from_bytes(mail.content)) if responder else None
        if answer is not None:
            self.post(mailbox.address, answer)
        return mail

    def write(
        self,
        address: str,
        text: str,
        *,
        name: str = "",
        subject: str = "",
        answers: Message | None = None,
    ) -> str:
        """Send a mail as a person, or answer one; returns its Message-ID without angle brackets."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = f'"{name}" <{address}>' if name else address
        mail["To"] = str(answers.get("Reply-To") or answers.get("From")) if answers else BRAND
        mail["Subject"] = subject or _re(answers)
        if answers is not None:
            answered_id = " ".join(str(answers.get("Message-ID", "")).split())
            mail["In-Reply-To"] = answered_id
            mail["References"] = " ".join([*str(answers.get("References", "")).split(), answered_id])
            text = f"{text}\n\n{_quoted(answers)}"
        mail.set_content(text)
        self.post(address, mail)
        return str(mail["Message-ID"]).strip("<> ")

    def post(self, address: str, mail: EmailMessage) -> None:
        """Send a mail, adding a Date and a Message-ID where it has none, as a mail program does."""
        self._serial += 1
        if "Date" not in mail:
            mail["Date"] = formatdate(self.clock())
        if "Message-ID" not in mail:
            mail["Message-ID"] = f"<{self._serial}.{int(self.clock() * 1000)}@{address.rpartition('@')[2]}>"
        recipients = [one.addr_spec for one in mail["To"].addresses]
        sender = "" if mail.get("Return-Path") == "<>" else address
        del mail["Return-Path"]
        self.send(sender, recipients, mail.as_bytes())

    def _bounce(self, sender: str, recipient: str, content: bytes) -> None:
        if not sender:
            return
        headers = message_from_bytes(content)
        report = (
            f"From: MAILER-DAEMON@mx.example\r\nTo: {sender}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            f"Date: {formatdate(self.clock())}\r\nMessage-ID: <report.{self._serial}.{self.clock()}@mx.example>\r\n"
            "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="=report"\r\n\r\n'
            "--=report\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
            "--=report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
            f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 The mailbox does not exist\r\n\r\n"
            "--=report\r\nContent-Type: text/rfc822-headers\r\n\r\n"
            f"Message-ID: {headers.get('Message-ID', '')}\r\n\r\n--=report--\r\n"
        )
        self._serial += 1
        self.send("", [sender], report.encode())


def plain_address(address: str) -> str:
    """Return the address in lower case, without its plus suffix."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def text_of(mail: Message) -> str:
    """Return the mail's text as a mail program shows it."""
    for part in mail.walk():
        if part.get_content_type() == "text/plain" and part.get_content_disposition() != "attachment":
            content = part.get_payload(decode=True)
            return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    return ""


def _re(answers: Message | None) -> str:
    subject = str(answers.get("Subject", "")) if answers is not None else ""
    return (
        " ".join(subject.split()) if subject.lower().startswith("re:") else f"Re: {' '.join(subject.split())}"
    )


def _quoted(answers: Message) -> str:
    lines = "\n".join(f"> {line}" for line in text_of(answers).splitlines())
    return f"On {answers.get('Date')}, {' '.join(str(answers.get('From')).split())} wrote:\n{lines}"
