"""Define the results of reading the mailbox: customer mails, bounces, ignored and unreadable mails."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.intake.private_messages import IncomingMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A report that a mail of ours failed permanently.

    `message_ids` are the Message-IDs that it refers to, the likeliest first; `reason` is for a person to
    read.
    """

    message_ids: Sequence[str]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoredEmail:
    """A mail that is not from a customer (automatic, bulk, our own). `why` says in words what it is."""

    why: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableEmail:
    """A mail that could not be parsed, with as much of its subject and sender as is known."""

    subject: str
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedEmail:
    """One mail of the mailbox. `position` is where the cursor may move once the mail is stored."""

    position: str
    content: IncomingMessage | Bounce | IgnoredEmail | UnreadableEmail


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPage:
    """The mails after the cursor, oldest first.

    `position` is where the cursor may move once all of them are stored; `more` is true where there is more to
    read.
    """

    mails: Sequence[ReceivedEmail]
    position: str
    more: bool = False
