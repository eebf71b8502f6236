"""Define the figures that operators watch. They hold nothing of customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.delivery.effect import Lane
from domain.model_calls import Spend
from domain.triage.assessment import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneDepth:
    """How many rows of the outbox wait in a lane; `oldest_due` is when the first of them was due.

    What a pause of all sending holds is not counted, and what waits behind a message in doubt is not late.
    """

    lane: Lane
    rows: int
    oldest_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReading:
    """When a stream of one of our accounts was last read; `None` if never."""

    network: str
    stream: str
    read_at: datetime | None
    is_paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDepth:
    """How many open cases of an urgency wait, claimed by somebody or by nobody."""

    urgency: Urgency
    is_claimed: bool
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSpend:
    """The US dollars that were spent on a network today (UTC)."""

    network: str
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionsToday:
    """How many mentions of today (UTC) a network listed late, and how many we do not hold."""

    network: str
    late: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsFigures:
    """What the database knows: the same in every copy of the bot.

    `delivered_at` is when something was last sent, `is_led` whether a copy runs the timers.
    """

    lanes: Sequence[LaneDepth]
    unsure: int
    streams: Sequence[StreamReading]
    queue: Sequence[QueueDepth]
    spent: Sequence[NetworkSpend]
    model: Spend
    mentions: Sequence[MentionsToday] = ()
    delivered_at: datetime | None = None
    is_led: bool = True
