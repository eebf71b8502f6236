"""Lay out a period in parts, and define what is counted of each: what a chart shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.reports.periods import Day, Period, midnight

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MAX_BY_HOUR = timedelta(hours=49)  # two days, also where one of them has 25 hours
_MAX_BY_DAY = 62
_WEEK = 7


class Step(StrEnum):
    """How long each part of a period is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What came in and how fast we answered in each part of a period, beside the period before.

    `first_medians` are in seconds, of the waits that began in the part; `None` where none was answered. What
    is `before` may have fewer parts or more, where the clock was changed. `notices` has when each was sent.
    """

    period: Period
    step: Step
    parts: Sequence[Day]
    mentions: Sequence[int]
    mentions_before: Sequence[int]
    first_medians: Sequence[float | None]
    first_medians_before: Sequence[float | None]
    notices: Sequence[datetime] = ()

    @property
    def partial(self) -> list[int]:
        """The numbers of the days that the beginning or the end of the period cuts off."""
        if self.step is not Step.DAY:
            return []
        zone = self.period.zone
        return [
            number
            for number, part in enumerate(self.parts)
            if (part.since, part.until) != (midnight(part.date, zone), midnight(part.date + _DAY, zone))
        ]


def step_of(period: Period) -> Step:
    """Return how long the parts of a period are: few enough to tell them apart."""
    if period.until - period.since <= _MAX_BY_HOUR:
        return Step.HOUR
    return Step.DAY if len(period.days) <= _MAX_BY_DAY else Step.WEEK


def parts_of(period: Period, step: Step) -> list[Day]:
    """Return the parts of a period, without a gap; the last one may be shorter."""
    days = period.days
    match step:
        case Step.HOUR:
            return _hours(period)
        case Step.DAY:
            return list(days)
        case Step.WEEK:
            return _joined(days, _WEEK)


def merged(parts: Sequence[Day], *, most: int) -> list[Day]:
    """Join parts that follow each other, so that there are at most so many; the last one may be shorter."""
    return _joined(parts, max(-(-len(parts) // most), 1))


def _joined(parts: Sequence[Day], size: int) -> list[Day]:
    groups = [parts[at : at + size] for at in range(0, len(parts), size)]
    return [Day(group[0].date, group[0].since, group[-1].until) for group in groups]


def _hours(period: Period) -> list[Day]:
    found: list[Day] = []
    since = period.since
    while since < period.until:
        until = min(since + _HOUR, period.until)
        found.append(Day(since.astimezone(period.zone).date(), since, until))
        since = until
    return found
