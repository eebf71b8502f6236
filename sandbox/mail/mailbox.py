"""IMAP mailboxes: folders of mails with UIDs."""

from collections.abc import Callable
from dataclasses import dataclass, field

INBOX, SENT = "INBOX", "Sent"


@dataclass(slots=True)
class Mail:
    """A mail in a folder; `at` is when it was delivered, in seconds since the epoch."""

    uid: int
    at: float
    content: bytes
    flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Folder:
    """Mails in the order of arrival. `validity` is the UIDVALIDITY of their UIDs."""

    name: str
    validity: int = 1
    next_uid: int = 1
    mails: list[Mail] = field(default_factory=list)
    listeners: set[Callable[[], None]] = field(default_factory=set)

    def add(self, content: bytes, at: float) -> Mail:
        """Append a mail and wake up the IDLE listeners."""
        mail = Mail(self.next_uid, at, content)
        self.next_uid += 1
        self.mails.append(mail)
        for wake in list(self.listeners):
            wake()
        return mail

    def renumber(self) -> None:
        """Give every mail a new UID and change UIDVALIDITY, as a server does whose index was lost."""
        self.validity += 1
        self.next_uid = 1
        for mail in self.mails:
            mail.uid = self.next_uid
            self.next_uid += 1


@dataclass(slots=True)
class Mailbox:
    """One address's folders."""

    address: str
    inbox: Folder = field(default_factory=lambda: Folder(INBOX))
    sent: Folder = field(default_factory=lambda: Folder(SENT))

    def folder(self, name: str) -> Folder | None:
        """Return the folder of this name, if there is one."""
        return {INBOX.lower(): self.inbox, SENT.lower(): self.sent}.get(name.lower())
