"""Define chat transcripts: a live chat's conversation, e-mailed to the customer on request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.cases.case import Case
from domain.cases.files import File
from domain.cases.messages import Message
from domain.delivery.outcomes import Finding, Outcome
from domain.handoffs.handoff import Handoff

MAX_TRANSCRIPTS = 3  # per hand-off, so that nobody can use us to mail strangers
#: So long a chat has its transcripts mailed to one address, and a mailbox gets that of one chat.
ADDRESS_PAUSE = timedelta(hours=1)


class TranscriptState(StrEnum):
    """The delivery status of a transcript."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A requested transcript of a hand-off's conversation, up to and including the message `last_message_id`.

    `external_id` is its Message-ID, stored before it is sent; `error` says why it did not arrive.
    """

    id: int
    handoff_id: int
    case_id: int
    address: str
    last_message_id: int
    requested_at: datetime
    external_id: str | None = None
    sent_at: datetime | None = None
    error: str | None = None

    @property
    def state(self) -> TranscriptState:
        """The delivery status; a mail that bounced after it was sent counts as failed."""
        if self.error is not None:
            return TranscriptState.FAILED
        return TranscriptState.SENDING if self.sent_at is None else TranscriptState.SENT


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptEmail:
    """A transcript with everything that is needed to render and send it.

    `messages` are those that the chat shows, oldest first; `files` are by message id, `names` of our agents
    by user id. What the customer wrote is in it only where `is_address_proven`: else anybody could have us
    mail their words to anybody. `page_language` is the chat page's, `time_zone` the IANA name of the
    browser's zone, as the browser says; both are empty where it does not.
    """

    transcript: Transcript
    case: Case
    handoff: Handoff
    messages: Sequence[Message]
    files: Mapping[int, Sequence[File]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    is_address_proven: bool = False
    page_language: str = ""
    time_zone: str = ""


class TranscriptMailer(Protocol):
    """Send transcripts by e-mail."""

    def id_of(self, email: TranscriptEmail) -> str:
        """Return the Message-ID for it, which is stored before it is sent."""
        ...

    async def send(self, email: TranscriptEmail) -> Outcome:
        """Make one attempt to send it."""
        ...

    async def find(self, email: TranscriptEmail) -> Finding:
        """Check on the mail server whether an earlier attempt arrived."""
        ...
