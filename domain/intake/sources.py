"""What can go wrong while reading a network, and what it means for the next reading."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SourceFault(StrEnum):
    """Why a stream cannot be read now."""

    REFUSED = "refused"
    OUT_OF_CREDIT = "out_of_credit"
    USAGE_CAP = "usage_cap"
    RATE_LIMIT = "rate_limit"
    UNAVAILABLE = "unavailable"
    BAD_REQUEST = "bad_request"

    @property
    def pauses(self) -> bool:
        """Whether reading must stop and somebody be told, rather than back off."""
        return self in {SourceFault.REFUSED, SourceFault.OUT_OF_CREDIT, SourceFault.USAGE_CAP}


class SourceError(Exception):
    """A reading failed. The message is for a person; it holds no secret. `resume_at` is set where the network named a time."""

    def __init__(self, trouble: SourceFault, message: str, *, resume_at: datetime | None = None) -> None:
        super().__init__(message)
        self.trouble = trouble
        self.resume_at = resume_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far one stream of one account has been read and stored.

    `stream` is "mentions", "search", or "deletions", whose `since_id` is a message of ours (see `handlers.intake.deletion_sweep`). `since_id` is `None` before the first reading. `paused` is the trouble that stopped the
    stream, `paused_until` when it is tried again. `arrived_at` is when the newest stored post was stored.
    `quiet_alerted_at` is when somebody was last told that nothing arrives.
    """

    network: str
    account_id: str
    stream: str
    since_id: str | None = None
    read_at: datetime | None = None
    arrived_at: datetime | None = None
    paused: SourceFault | None = None
    paused_until: datetime | None = None
    quiet_alerted_at: datetime | None = None
