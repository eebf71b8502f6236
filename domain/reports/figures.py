"""Define the figures of a period. What each counts is in docs/figures.md."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.statistics import Spread, Sums, share_of, spread_of
from domain.venues import Venue

#: Whoever writes again this soon after our answer still has the problem.
STILL_BROKEN_WITHIN = timedelta(hours=24)
#: Whoever writes again this soon after their case was resolved is a repeat contact.
REPEAT_WITHIN = timedelta(hours=72)
#: How long before and after a notice mentions are counted.
AROUND_NOTICE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """What came in on a day, or in the part of it that is in the period. `sentiment` is of the mentions."""

    date: date
    mentions: int
    cases: int
    sentiment: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseGroup:
    """How many cases of a situation, language and network were opened."""

    situation: str
    language: str
    network: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Waits:
    """The waits for an answer that began in a period.

    `seconds` and `office_seconds` are of those that were answered. `in_target` were answered when they were
    due or before, `late` after it, or not yet though it is past. `unanswered` still wait.
    """

    seconds: Sequence[float] = ()
    office_seconds: Sequence[float] = ()
    in_target: int = 0
    late: int = 0
    unanswered: int = 0

    @cached_property
    def spread(self) -> Spread:
        """Median and 90th percentile by the clock on the wall."""
        return spread_of(self.seconds)

    @cached_property
    def office_spread(self) -> Spread:
        """Median and 90th percentile, in office hours alone."""
        return spread_of(self.office_seconds)

    @property
    def share_in_target(self) -> float | None:
        """The share within the target, of those that had one and were due."""
        return share_of(self.in_target, self.in_target + self.late)


@dataclass(frozen=True, kw_only=True)
class Responses:
    """The waits for the first answer of a case and for further ones, and whether the answers helped.

    `answers` counts those that offered no other venue. After the `still_broken` of them, the customer asked
    again within `STILL_BROKEN_WITHIN`.
    """

    first: Waits = field(default_factory=Waits)
    next: Waits = field(default_factory=Waits)
    answers: int = 0
    still_broken: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolutions:
    """The cases that were resolved in a period, each by its last resolution there.

    `seconds` are from opening to resolution. `reopened` were opened again within `REPEAT_WITHIN`; of
    `repeated`, the customer asked again within it, in that case or another.
    """

    seconds: Sequence[float] = ()
    reopened: int = 0
    repeated: int = 0

    @property
    def count(self) -> int:
        """How many cases."""
        return len(self.seconds)

    @property
    def spread(self) -> Spread:
        """Median and 90th percentile from opening to resolution."""
        return spread_of(self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionUse:
    """What became of the saved replies that were suggested, in the answers of a period."""

    as_it_was: int = 0
    edited: int = 0
    thrown_away: int = 0

    @property
    def total(self) -> int:
        """How many answers had a suggestion."""
        return self.as_it_was + self.edited + self.thrown_away


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFigures:
    """What the answers sent in a period promised for a time, and what became of it."""

    kept: int = 0
    broken: int = 0
    open: int = 0

    @property
    def made(self) -> int:
        """How many promises."""
        return self.kept + self.broken + self.open


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletenessFigures:
    """Of what networks listed of a period's dates: what came late, what is not held, what cannot be read."""

    late: int = 0
    missing: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffFigures:
    """The hand-offs offered in a period: how many arrived, and of those, how many cases are resolved."""

    offered: int = 0
    arrived: int = 0
    resolved: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """How many a destination reached, in its unit ("followers"), as it said before a notice was sent."""

    destination: str
    count: int
    unit: str


#: How many notices of a period are told of, the newest: around each mentions are counted.
MAX_NOTICES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEffect:
    """Mentions in the hour before and after a notice. `mailed` is whom it was mailed to; `None`: nobody.

    `after` is `None` while the hour after it is not over. `reached` has the destinations that said whom they
    reach.
    """

    title: str
    sent_at: datetime
    before: int
    after: int | None
    mailed: int | None = None
    reached: tuple[Reached, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Figures:
    """All figures of a period."""

    days: Sequence[DayFigures] = ()
    people: int = 0
    groups: Sequence[CaseGroup] = ()
    private_messages: Mapping[Venue, int] = field(default_factory=dict)
    responses: Responses = field(default_factory=Responses)
    resolutions: Resolutions = Resolutions()
    suggestions: SuggestionUse = SuggestionUse()
    handoffs: HandoffFigures = HandoffFigures()
    promises: PromiseFigures = PromiseFigures()
    completeness: CompletenessFigures = CompletenessFigures()
    rated: int = 0
    rated_solved: int = 0
    spend: Mapping[str, float] = field(default_factory=dict)
    notices: Sequence[NoticeEffect] = ()

    @cached_property
    def mentions(self) -> int:
        """How many public posts customers wrote."""
        return sum(day.mentions for day in self.days)

    @cached_property
    def cases(self) -> int:
        """How many cases were opened."""
        return sum(day.cases for day in self.days)

    @cached_property
    def sentiment(self) -> Sums:
        """The sentiment of the mentions."""
        return sum((day.sentiment for day in self.days), Sums())

    def count_by(self, name: str) -> Counter[str]:
        """Count the cases by their `situation`, `language` or `network`."""
        counts: Counter[str] = Counter()
        for group in self.groups:
            counts[getattr(group, name)] += group.count
        return counts

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all came in."""
        return not self.mentions and not self.cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The cases whose customers wait for us now; `waiting` has since when each does, the longest first."""

    waiting: Sequence[datetime] = ()

    @property
    def count(self) -> int:
        """How many wait."""
        return len(self.waiting)

    def spread(self, now: datetime) -> Spread:
        """Return the median and 90th percentile of how long they have waited."""
        return spread_of([(now - since).total_seconds() for since in self.waiting])


@dataclass(frozen=True, kw_only=True)
class PeriodReport:
    """The figures of a period and of the one before, and who waits now. `filters` were applied to all.

    `known_since` is when the first of all messages was written that we hold; `None` where we hold none.
    """

    period: Period
    filters: Filters
    made_at: datetime
    figures: Figures
    before: Figures
    backlog: Backlog
    known_since: datetime | None = None

    @property
    def is_before_all(self) -> bool:
        """Whether the period before ends before the first message that we hold: nothing is known of it."""
        return self.known_since is not None and self.known_since >= self.period.before.until
