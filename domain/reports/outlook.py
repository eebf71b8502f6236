"""Define the staffing outlook: what is expected in the next days, and how many agents the target needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.office_hours import OfficeHours
from domain.reports.forecast import Expected

#: How many past weeks tell how many agents were there.
THERE_WEEKS = 4
#: Fewer answers do not tell how long one takes.
LEAST_ANSWERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookPolicy:
    """The settings of the outlook; `None`: what was measured, or what the service levels say.

    An agent works on `at_once` customers at the same time. `share` is to be answered within the target.
    """

    handling: timedelta | None = None
    at_once: int = 1
    target: timedelta | None = None
    share: float = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWork:
    """What past work tells: how long answers took, what share of the messages asks for one, who was there.

    `there` has, by the number of an hour, who answered somebody in it.
    """

    handling_seconds: Sequence[float] = ()
    messages: int = 0
    waits: int = 0
    there: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What the number of agents was computed with; `answers` are `LEAST_ANSWERS` or more, or 0: not measured.

    `asking` is the share of the messages that ask for an answer.
    """

    handling: timedelta
    answers: int
    at_once: int
    target: timedelta
    share: float
    asking: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HourOutlook:
    """An hour: what is expected, and how many agents it needs."""

    at: datetime
    expected: Expected
    is_open: bool
    agents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOutlook:
    """A part of a day, in office hours or out of them: the most agents that an hour of it needs.

    `since` and `until` are hours of the clock on the wall. `there` is how many agents answered somebody in
    this part of this weekday in the last weeks, on average; `None`: that is not known.
    """

    date: date
    since: int
    until: int
    is_open: bool
    messages: float
    agents: int
    there: float | None

    @property
    def missing(self) -> float:
        """How many agents more than were there it needs; below 0 where more were there."""
        return 0.0 if self.there is None else self.agents - self.there


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOutlook:
    """A day or, as the first one, what is left of today; `expected` is of all its hours."""

    date: date
    is_holiday: bool
    expected: Expected
    hours: Sequence[HourOutlook]
    parts: Sequence[PartOutlook]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The outlook. `days` is empty where there was never a message. `known_hours` is how much was known."""

    made_at: datetime
    hours: OfficeHours
    assumptions: Assumptions
    known_hours: int = 0
    is_short: bool = False
    days: Sequence[DayOutlook] = ()

    @property
    def open_parts(self) -> list[PartOutlook]:
        """The parts of days in office hours."""
        return [part for day in self.days for part in day.parts if part.is_open]

    @property
    def closed_parts(self) -> list[PartOutlook]:
        """The parts of days out of office hours."""
        return [part for day in self.days for part in day.parts if not part.is_open]
