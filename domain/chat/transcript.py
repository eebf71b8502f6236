"""A live chat's conversation, mailed to the customer who asked for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.cases.case import Case
from domain.cases.files import File
from domain.cases.messages import Message
from domain.delivery.outcomes import Finding, Outcome
from domain.handoffs.handoff import Handoff

MOST = 3  # of one hand-off: nobody shall have us write to strangers


class TranscriptState(StrEnum):
    """What became of it."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """One that was asked for, of a hand-off's conversation as far as the message `up_to`.

    `external_id` is its Message-ID, stored before it leaves; `error` says why it did not arrive.
    """

    id: int
    handoff_id: int
    case_id: int
    address: str
    up_to: int
    asked_at: datetime
    external_id: str | None = None
    sent_at: datetime | None = None
    error: str | None = None

    @property
    def state(self) -> TranscriptState:
        """What became of it so far; a mail that came back was not sent after all."""
        if self.error is not None:
            return TranscriptState.FAILED
        return TranscriptState.SENDING if self.sent_at is None else TranscriptState.SENT


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLetter:
    """A transcript with everything that is needed to mail it.

    `lines` are the conversation as its chat shows it, oldest first, `files` theirs by message id, `names` those of our people by user id.
    """

    transcript: Transcript
    case: Case
    handoff: Handoff
    lines: Sequence[Message]
    files: Mapping[int, Sequence[File]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


class TranscriptMail(Protocol):
    """How a chat's conversation is mailed."""

    def id_of(self, letter: TranscriptLetter) -> str:
        """The Message-ID that it has, which is stored before it leaves."""
        ...

    async def send(self, letter: TranscriptLetter) -> Outcome:
        """Send it, as one try."""
        ...

    async def find(self, letter: TranscriptLetter) -> Finding:
        """Look on the other side whether an earlier try arrived."""
        ...
