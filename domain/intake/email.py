"""Define the results of reading the mailbox: mails of customers, reports about ours, and others."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.intake.bounce_reasons import BounceKind
from domain.intake.private_messages import IncomingMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A report that a mail of ours failed permanently, or was complained of.

    `message_ids` are the Message-IDs that it refers to, the likeliest first; `reason` is for a person to
    read. `reached` counts those of its `recipients` whom the mail reached: one address may lead to several
    mailboxes. `is_proven`: it came from a server of ours, or to an address that only readers of the mail
    know; anybody can write any other.
    """

    message_ids: Sequence[str]
    reason: str
    kind: BounceKind = BounceKind.TRANSIENT
    reached: int = 0
    recipients: int = 1
    is_proven: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscription:
    """A mail that ends a subscription to the e-mail list, as `List-Unsubscribe` offers."""

    subscriber_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoredEmail:
    """A mail that is not from a customer (automatic, bulk, our own). `why` says in words what it is."""

    why: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticEmail:
    """What a program answered to a mail of ours, such as an out-of-office notice: nobody's words.

    `handoff_id` and `answers` are as in `IncomingMessage`. `external_id` is unique within the mailbox.
    """

    sender: str
    subject: str
    text: str
    external_id: str
    handoff_id: int | None
    answers: Sequence[str]


class UnreadableReason(StrEnum):
    """Why a mail has no case."""

    MALFORMED = "malformed"
    NO_SENDER = "no_sender"
    OUR_OWN_NAME = "our_own_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableEmail:
    """A mail that could not be parsed or attributed, with as much of its subject and sender as is known."""

    subject: str
    sender: str
    why: UnreadableReason = UnreadableReason.MALFORMED


MailContent = IncomingMessage | AutomaticEmail | Bounce | Unsubscription | IgnoredEmail | UnreadableEmail


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedEmail:
    """One mail of the mailbox. `position` is where the cursor may move once the mail is stored."""

    position: str
    content: MailContent


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPage:
    """The mails after the cursor, oldest first.

    `position` is where the cursor may move once all of them are stored; `more` is true where there is more to
    read.
    """

    mails: Sequence[ReceivedEmail]
    position: str
    more: bool = False
