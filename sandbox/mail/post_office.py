"""All mail of the pretend world: who has which mailbox, and what becomes of a mail that somebody sends."""

import time
from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import formatdate
from typing import Any

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.mail.mailbox import Mail, Mailbox
from sandbox.x.events import Broadcast

BRAND = "support@acme.example"
BRAND_NAME = "Acme Support"
PASSWORD = "sandbox-mail"  # noqa: S105 - the pretend world has no secrets
#: Nobody lives here: the server refuses at once.
NOWHERE = "nowhere.example"
#: Mail to such an address is taken, and comes back a moment later.
COMES_BACK = "gone"

Habit = Callable[[Message], EmailMessage | None]


class PostOffice:
    """Takes mail from anybody and puts it into mailboxes, which are made when they are first named.

    `habits` are people who answer by themselves: what they return is sent. `keeps_sent` is whether what the brand sends is kept in its folder of
    sent mail, as some providers do; `tells_before_it_listens` is whether new mail shows only once IDLE
    was asked for, and is told of before the server's word that it listens, as some do.
    `events` hears of every mail that a customer gets.
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
        self.habits: dict[str, Habit] = {}
        self.keeps_sent = True
        self.tells_before_it_listens = False
        self.smtp_port = 0
        self.imap_port = 0
        #: What was told of the last mail that a customer got, for a page that did not hear it.
        self.last_told: dict[str, Any] = {"number": 0}
        self._mailboxes: dict[str, Mailbox] = {}
        self._made = 0

    @property
    def brand(self) -> Mailbox:
        """The support address's mailbox."""
        return self.mailbox(BRAND)

    @property
    def addresses(self) -> list[str]:
        """Everybody who has a mailbox, but for the brand."""
        return sorted(self._mailboxes.keys() - {BRAND})

    def mailbox(self, address: str) -> Mailbox:
        """Whose mail goes to this address; what stands behind a plus does not count (RFC 5233)."""
        known = plain_address(address)
        return self._mailboxes.setdefault(known, Mailbox(known))

    def refusal(self, address: str) -> str | None:
        """Why the server does not take mail to this address; `None` where it does."""
        if address.lower().endswith(f"@{NOWHERE}"):
            return "550 5.1.2 There is no such place"
        return None

    def send(self, sender: str, recipients: Sequence[str], content: bytes) -> None:
        """A mail was handed in: keep a copy where that is the custom, and deliver it. `sender` is empty for a report."""
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
            if plain_address(recipient).startswith(f"{COMES_BACK}@"):
                self._return(sender, recipient, content)
            else:
                self.deliver(sender, recipient, content)

    def deliver(self, sender: str, recipient: str, content: bytes) -> Mail:
        """Put a mail into a mailbox, with what the last server on the way writes above it."""
        above = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode()
        mailbox = self.mailbox(recipient)
        mail = mailbox.inbox.add(above + content, self.clock())
        self.ledger.record("mail", "delivered", recipient=recipient, uid=mail.uid)
        if mailbox.address != BRAND:
            number = self.last_told["number"] + 1
            self.last_told = {"number": number, "address": mailbox.address, "uid": mail.uid}
            self.events.send("mail", self.last_told)
        habit = self.habits.get(mailbox.address)
        answer = habit(message_from_bytes(mail.content)) if habit else None
        if answer is not None:
            self.post(mailbox.address, answer)
        return mail

    def write(
        self,
        address: str,
        text: str,
        *,
        name: str = "",
        to: str = BRAND,
        subject: str = "",
        answers: Message | None = None,
    ) -> str:
        """A person writes a mail, or answers one; returns its Message-ID without angle brackets."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = f'"{name}" <{address}>' if name else address
        mail["To"] = str(answers.get("Reply-To") or answers.get("From")) if answers else to
        mail["Subject"] = subject or _re(answers)
        if answers is not None:
            own = " ".join(str(answers.get("Message-ID", "")).split())
            mail["In-Reply-To"] = own
            mail["References"] = " ".join([*str(answers.get("References", "")).split(), own])
            text = f"{text}\n\n{_quoted(answers)}"
        mail.set_content(text)
        self.post(address, mail)
        return str(mail["Message-ID"]).strip("<> ")

    def post(self, address: str, mail: EmailMessage) -> None:
        """Send a mail as its writer's program does: with a date and a Message-ID where it has none."""
        self._made += 1
        if "Date" not in mail:
            mail["Date"] = formatdate(self.clock())
        if "Message-ID" not in mail:
            mail["Message-ID"] = f"<{self._made}.{int(self.clock() * 1000)}@{address.rpartition('@')[2]}>"
        recipients = [one.addr_spec for one in mail["To"].addresses]
        sender = "" if mail.get("Return-Path") == "<>" else address
        del mail["Return-Path"]
        self.send(sender, recipients, mail.as_bytes())

    def _return(self, sender: str, recipient: str, content: bytes) -> None:
        if not sender:
            return
        headers = message_from_bytes(content)
        report = (
            f"From: MAILER-DAEMON@mx.example\r\nTo: {sender}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            f"Date: {formatdate(self.clock())}\r\nMessage-ID: <report.{self._made}.{self.clock()}@mx.example>\r\n"
            "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="=report"\r\n\r\n'
            "--=report\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
            "--=report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
            f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 The mailbox does not exist\r\n\r\n"
            "--=report\r\nContent-Type: text/rfc822-headers\r\n\r\n"
            f"Message-ID: {headers.get('Message-ID', '')}\r\n\r\n--=report--\r\n"
        )
        self._made += 1
        self.send("", [sender], report.encode())


def plain_address(address: str) -> str:
    """The address in small letters, without what stands behind a plus."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def text_of(mail: Message) -> str:
    """The mail's text as a mail program shows it."""
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
