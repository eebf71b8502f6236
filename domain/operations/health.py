"""Define what works, by dependency and by progress. Nothing of customers is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.delivery.effect import Lane
from domain.operations.figures import OperationsFigures

#: From this age on, what is due counts as late.
STREAM_AGE = timedelta(minutes=10)
#: As many intervals may pass without a reading, where a stream is read less often.
MISSED_READINGS = 3
DUE_AGE = timedelta(minutes=10)
#: Less room than this on the database's disk is a fault: a write-ahead log, a backup and a file need some.
MIN_FREE_BYTES = 100_000_000
#: How long after it a clock that was set back is told of.
STEP_REPORTED_FOR = timedelta(minutes=10)

START, DATABASE, DISK, LEADER, DELIVERY, SCHEDULER, SLACK, CLOCK, CLOCKS, OUTBOX = (
    "start",
    "database",
    "disk",
    "leader",
    "delivery",
    "scheduler",
    "slack",
    "clock",
    "clocks",
    "outbox",
)
#: What all copies of the bot share, so that one of them tells of it: the one that leads. That none leads is
#: told by each.
SHARED = frozenset({DATABASE, OUTBOX})


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """What works. `failed` has the parts that do not, each with the reason.

    `figures` are `None` where the database cannot be read. `heard_seconds` is how long ago Slack's socket
    last received anything, `free_bytes` what may be written to the database's disk; both `None` where there
    is none. `intervals` say how often each stream is read, by name; one that is not among them is read no
    more.
    """

    at: datetime
    failed: Mapping[str, str] = field(default_factory=dict)
    figures: OperationsFigures | None = None
    heard_seconds: float | None = None
    free_bytes: int | None = None
    intervals: Mapping[str, timedelta] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        """Whether all parts work."""
        return not self.failed

    @property
    def oldest_due(self) -> timedelta:
        """For how long the oldest row of the outbox has been due."""
        return max(self._due_ages().values(), default=timedelta())

    @property
    def late_for_agents(self) -> timedelta | None:
        """For how long what an agent asked for has been due; `None` up to `DUE_AGE`."""
        age = self._due_ages().get(Lane.AGENT, timedelta())
        return age if age > DUE_AGE else None

    @property
    def delivered_ago(self) -> timedelta | None:
        """How long ago something was last sent; `None` where nothing was."""
        sent_at = self.figures.delivered_at if self.figures is not None else None
        return self.at - sent_at if sent_at is not None else None

    def unread_streams(self) -> Sequence[str]:
        """Return the streams that were not read for long, by name."""
        return [
            name
            for name, age in self.stream_ages().items()
            if age is not None
            and (every := self.intervals.get(name)) is not None
            and age > max(STREAM_AGE, MISSED_READINGS * every)
        ]

    def stream_ages(self) -> Mapping[str, timedelta | None]:
        """Return by name how long ago each stream was last read; `None` where it never was."""
        streams = self.figures.streams if self.figures is not None else ()
        return {
            f"{one.network} {one.stream}": None if one.read_at is None else self.at - one.read_at
            for one in streams
        }

    def _due_ages(self) -> Mapping[Lane, timedelta]:
        lanes = self.figures.lanes if self.figures is not None else ()
        return {lane.lane: self.at - lane.oldest_due for lane in lanes if lane.oldest_due}
