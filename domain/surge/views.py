"""Define the view of a spike that its alert shows, and what it tells a form for an outage."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.outages.outage import Outage
from domain.surge.series import Series
from domain.surge.spikes import Spike, is_rise

MAX_BARS = 40
_BUCKETS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60))
_LEAST_BEFORE = timedelta(hours=1)
_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeHistory:
    """How many people wrote in each of some equal periods, the first of which begins at `since`.

    `usual` is how many are usual in such a period.
    """

    since: datetime
    bucket: timedelta
    counts: tuple[int, ...]
    usual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeReading:
    """How many people wrote in the spike's own series in `period`, up to and with `at`; `usual` are so many.

    `languages` are codes with the number of those people who wrote in them, the most frequent first.
    """

    at: datetime
    period: timedelta
    people: int
    usual: float
    languages: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeExample:
    """A post of a spike, with its case."""

    case: Case
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeView:
    """A spike with everything that its alert shows.

    `reading`, `history` and `examples` are of the same posts, read at once; for a silence, and where only the
    stored spike is shown, there are none. `network` is how a silent network is called. `outage` is the one
    that it comes from, once somebody said which. `beside` are spikes that were open when it was found, and
    that it is no part of. `rehearsal_channel` is where an outage is rehearsed meanwhile.
    """

    spike: Spike
    examples: tuple[SpikeExample, ...] = ()
    reading: SpikeReading | None = None
    history: SpikeHistory | None = None
    network: str = ""
    outage: Outage | None = None
    beside: tuple[Spike, ...] = ()
    rehearsal_channel: str | None = None

    @property
    def is_rise(self) -> bool:
        """Whether more people than a few minutes before is all that tells it from the spikes beside it."""
        return is_rise(self.spike, self.beside)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeFacts:
    """What a spike tells of the outage behind it, and texts of its posts, newest first.

    `prevailing` are those of its series that most of the people wrote in.
    """

    spike_id: int
    component: str | None
    prevailing: tuple[Series, ...]
    texts: tuple[str, ...]


def chart_period(spike: Spike, now: datetime) -> tuple[datetime, datetime, timedelta]:
    """Return from when until when a chart of the spike goes, and the length of its periods."""
    before = max(_LEAST_BEFORE, 2 * spike.window)
    until = min(now, spike.ended_at + _AFTER) if spike.ended_at is not None else now
    since = spike.since - before
    bucket = next((one for one in _BUCKETS if (until - since) / one <= MAX_BARS), _BUCKETS[-1])
    bars = max(1, min(MAX_BARS, -((since - until) // bucket)))
    return until - bars * bucket, until, bucket
