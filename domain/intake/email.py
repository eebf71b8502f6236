"""Define the results of reading the mailbox: mails of customers, reports about ours, and others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.intake.private_messages import IncomingMessage


class BounceKind(StrEnum):
    """What a report says of an address.

    `PERMANENT`: there is no such mailbox. `TRANSIENT`: something else kept the mail from it. `COMPLAINT`: its
    owner called our mail spam (RFC 5965).
    """

    PERMANENT = "permanent"
    TRANSIENT = "transient"
    COMPLAINT = "complaint"


_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"\b55[013]\b")
_DEAD = frozenset(
    ("5", *code) for code in (("1", "1"), ("1", "2"), ("1", "3"), ("1", "6"), ("1", "10"), ("2", "1"))
)


def bounce_kind(diagnostic: str) -> BounceKind:
    """Tell whether there is no such mailbox, from a mail server's words (RFC 3463, RFC 5321).

    A full mailbox, a policy and an unknown reason may pass.
    """
    codes = {code for code in _ENHANCED.findall(diagnostic) if code[1] != "0"}  # x.0.x says nothing
    is_dead = bool(codes & _DEAD) if codes else _REPLY_CODE.search(diagnostic) is not None
    return BounceKind.PERMANENT if is_dead else BounceKind.TRANSIENT


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
