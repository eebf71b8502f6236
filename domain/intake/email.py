"""What one reading of a mailbox gave."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.intake.private_messages import IncomingMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A report that a mail of ours did not arrive and never will.

    `message_ids` are the Message-IDs that it speaks of, the likeliest first; `reason` is for a person to read.
    """

    message_ids: Sequence[str]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A mail that is nobody's letter to us: `why` says in words what it is, `subject` what it calls itself."""

    why: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A mail that could not be read, with what it calls itself and what is known of its sender."""

    subject: str
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One mail of the mailbox. `place` is where the cursor may move once it is stored."""

    place: str
    content: IncomingMessage | Bounce | Ignored | Unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What came since the cursor, oldest first. `place` is where the cursor may move after all of it; `more` is true where there is more to read."""

    arrivals: Sequence[Arrival]
    place: str
    more: bool = False
