"""Define the streams of a network or mailbox: the cursor of each, and errors while reading it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.accounts import Account

#: A stream that was never read fails by the same fault as another that has paused within this time.
_SAME_FAULT_WITHIN = timedelta(hours=1)


class SourceFault(StrEnum):
    """Why a stream cannot be read."""

    REFUSED = "refused"
    OUT_OF_CREDIT = "out_of_credit"
    USAGE_CAP = "usage_cap"
    RATE_LIMIT = "rate_limit"
    UNAVAILABLE = "unavailable"
    BAD_REQUEST = "bad_request"

    @property
    def pauses(self) -> bool:
        """Whether to pause the stream and alert people, instead of backing off and retrying."""
        return self in {SourceFault.REFUSED, SourceFault.OUT_OF_CREDIT, SourceFault.USAGE_CAP}


class SourceError(Exception):
    """A read failed. The message is for a person and contains no secret.

    `resume_at` is set where the network named a time.
    """

    def __init__(self, fault: SourceFault, message: str, *, resume_at: datetime | None = None) -> None:
        super().__init__(message)
        self.fault = fault
        self.resume_at = resume_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One stream of one of our accounts, as alerts name it. `name` is that of its cursor.

    `label` is the display name of the account's network; empty for a mailbox, whose address is enough.
    """

    account: Account
    name: str
    label: str

    @property
    def key(self) -> str:
        """The stream's part of an alert's key: two networks may have streams of the same name."""
        return f"{self.account.network}:{self.account.id}:{self.name}"

    @property
    def owner(self) -> str:
        """The account in words: "@acme on X", or a mailbox's address."""
        return f"@{self.account.handle} on {self.label}" if self.label else self.account.handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far one stream of one account has been read and stored.

    `stream` is its name, such as "mentions", "search", or "deletions", whose `since_id` is the id of a stored
    message (see `handlers.intake.deletion_sweep`). `since_id` is `None` before the first read.
    `pause_reason` is the fault that paused the stream, `paused_until` when it is retried, `paused_at` since
    when it waits. `arrived_at` is when the newest post was stored. `quiet_alerted_at` is when people were
    last alerted that nothing arrives.
    """

    network: str
    account_id: str
    stream: str
    since_id: str | None = None
    read_at: datetime | None = None
    arrived_at: datetime | None = None
    pause_reason: SourceFault | None = None
    paused_until: datetime | None = None
    paused_at: datetime | None = None
    quiet_alerted_at: datetime | None = None

    def is_paused(self, now: datetime) -> bool:
        """Whether the stream is not to be read yet. A pause that began after `now` is over.

        The clock was set back since, and the pause would last longer than it was meant to.
        """
        if self.paused_until is None or self.paused_until <= now:
            return False
        return self.paused_at is None or self.paused_at <= now

    def fault_began(self, fault: SourceFault, others: Iterable["Cursor"], *, now: datetime) -> datetime:
        """Return when the fault began that this stream fails by now.

        That of another stream of the account, which has paused for it since this one was read last, is the
        same: `others` are those streams.
        """
        if self.pause_reason is fault and self.paused_at is not None and self.paused_at <= now:
            return self.paused_at
        worked = self.read_at or now - _SAME_FAULT_WITHIN
        shared = (other.paused_at for other in others if other.pause_reason is fault)
        return max((at for at in shared if at is not None and worked <= at <= now), default=now)

    def has_paused(self, fault: SourceFault, began: datetime) -> bool:
        """Return whether it is paused by the fault that began then."""
        return self.pause_reason is fault and self.paused_at == began
