"""Forecast the messages of each hour: by hour of the week, level, trend and holidays, with an interval.

Hours of the week are those of the clock on the wall, so that a change of the clock moves none of them. What
is usual for an hour of the week is estimated as the detection of spikes does. The level is that of the last
weeks; a trend counts as far as it is larger than its own error. The interval comes from the errors of
forecasts of past weeks, each made of what was known before it.
"""

import math
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import product

from domain.surge.baseline import (
    HISTORY_HOURS,
    HOUR,
    HOURS_OF_DAY,
    HOURS_OF_WEEK,
    hour_number,
    plausible,
    usual_rates,
)
from domain.surge.negative_binomial import log_probability, quantile

#: The share of the counts that the interval is to hold.
COVERAGE = 0.8
#: With less history, days of the week cannot be told apart.
SHORT = timedelta(weeks=2)

_TESTED_WEEKS = 4  # at most; each is forecast from what was known before it
_LEVEL_HALF_LIFE = 2.0  # weeks
_LEVEL_PRIOR = 20.0  # messages by which the level stays near that of all weeks
_TREND_WEEKS = 3  # at least
_TREND_HALF_LIFE = 3.0  # weeks
_TREND_ERRORS = 3.0  # a smaller slope, in standard errors, is none
_MOST_TREND = 0.15  # of the logarithm of the level, a week
_SUNDAY = 6
_CLUMPING, _SPREAD = (0.0, 0.15, 0.4, 1.0), (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0)
#: What is assumed before any week could be tested.
_PRIOR = (0.15, 0.2)
_PRIOR_OF_DAYS = 0.05


@dataclass(frozen=True, slots=True)
class Expected:
    """How many messages are expected; `COVERAGE` of the counts are from `low` to `high`."""

    mean: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class _Variance:
    """The variance of a count around its forecast: `clumping` times the mean, `spread` times its square."""

    clumping: float
    spread: float

    def around(self, mean: float) -> Expected:
        variance = self.of(mean)
        low, high = (quantile(share, mean, variance) for share in ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2))
        return Expected(mean, low, high)

    def of(self, mean: float) -> float:
        return mean * (1 + self.clumping) + mean * mean * self.spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The time zone and the holidays by which hours are told apart."""

    zone: tzinfo
    holidays: Container[date] = frozenset()

    def local(self, hour: int) -> datetime:
        """Return when the hour of this number begins."""
        return datetime.fromtimestamp(hour * HOUR.total_seconds(), UTC).astimezone(self.zone)

    def wall_hour(self, hour: int) -> int:
        """Return the number of the hour by the clock on the wall: some are skipped, some come twice."""
        return hour_number(self.local(hour).replace(tzinfo=UTC))

    def is_holiday(self, hour: int) -> bool:
        """Return whether the hour is of a holiday."""
        return self.local(hour).date() in self.holidays


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A forecast from the hour `since` on. `known_hours` were known when it was made."""

    calendar: Calendar
    since: int
    known_hours: int
    rates: tuple[float, ...]
    level: float
    trend: float
    holiday: float
    of_hours: _Variance = _Variance(*_PRIOR)
    of_days: _Variance = _Variance(_PRIOR[0], _PRIOR_OF_DAYS)

    @property
    def is_short(self) -> bool:
        """Whether too little is known to tell the days of the week apart."""
        return self.known_hours * HOUR < SHORT

    def mean(self, hour: int) -> float:
        """Return how many messages are expected in the hour of this number."""
        weeks = (hour - self.since) / HOURS_OF_WEEK
        return self._usual(hour) * self.level * math.exp(self.trend * weeks)

    def hour(self, hour: int) -> Expected:
        """Return how many messages are expected in the hour of this number, with the interval."""
        return self.of_hours.around(self.mean(hour))

    def day(self, hours: Sequence[int]) -> Expected:
        """Return how many messages are expected in hours of the same day, with the interval."""
        return self.of_days.around(sum(map(self.mean, hours)))

    def _usual(self, hour: int) -> float:
        wall = self.calendar.wall_hour(hour)
        if self.calendar.is_holiday(hour):
            return self.holiday * _rate(self.rates, wall % HOURS_OF_DAY, _SUNDAY)
        return _rate(self.rates, wall % HOURS_OF_DAY, self.calendar.local(hour).weekday())


def forecast(counts: Mapping[int, int], calendar: Calendar, *, since: int) -> Forecast | None:
    """Forecast the hours from `since` on by the counts of past hours; `None` where there was no message.

    Hours that are missing are unknown, such as those of an outage; older ones than `HISTORY_HOURS` are left
    out.
    """
    past = {hour: count for hour, count in counts.items() if since - HISTORY_HOURS <= hour < since}
    if not any(past.values()):
        return None
    made = _fitted(past, calendar, since)
    tested = [
        (hour, past[hour], before.mean(hour))
        for begins, before in _before_each_week(past, calendar, since)
        for hour in range(begins, begins + HOURS_OF_WEEK)
        if hour in past
    ]
    return _with_interval(made, tested) if tested else made


def _fitted(past: Mapping[int, int], calendar: Calendar, since: int) -> Forecast:
    working: dict[int, int] = {}
    for hour in sorted(past):
        if not calendar.is_holiday(hour):
            working.setdefault(calendar.wall_hour(hour), past[hour])
    rates = usual_rates(sorted(working.items()))
    flat = Forecast(
        calendar=calendar, since=since, known_hours=len(past), rates=rates, level=1.0, trend=0.0, holiday=1.0
    )
    level, trend = _level_and_trend(flat, past)
    return Forecast(
        calendar=calendar,
        since=since,
        known_hours=len(past),
        rates=rates,
        level=level,
        trend=trend,
        holiday=_holiday_factor(flat, past),
    )


def _rate(rates: Sequence[float], hour_of_day: int, weekday: int) -> float:
    return rates[weekday * HOURS_OF_DAY + hour_of_day]


def _level_and_trend(flat: Forecast, past: Mapping[int, int]) -> tuple[float, float]:
    """Return the factor of the level at the end of the past, and by how much its logarithm grows a week.

    The trend is a weighted regression of the logarithm of weekly factors, less its expected error.
    """
    seen: dict[int, float] = {}
    usual: dict[int, float] = {}
    for hour, count in past.items():
        if flat.calendar.is_holiday(hour):
            continue
        mean, week = flat.mean(hour), (flat.since - 1 - hour) // HOURS_OF_WEEK
        seen[week] = seen.get(week, 0.0) + min(count, plausible(mean, *_PRIOR))
        usual[week] = usual.get(week, 0.0) + mean
    weights = {week: math.exp2(-week / _LEVEL_HALF_LIFE) for week in seen}
    level = (sum(weights[week] * seen[week] for week in seen) + _LEVEL_PRIOR) / (
        sum(weights[week] * usual[week] for week in seen) + _LEVEL_PRIOR
    )
    age = sum(weights[week] * usual[week] * (week + 0.5) for week in seen) / (
        sum(weights[week] * usual[week] for week in seen) or 1.0
    )
    trend = _trend({week: (seen[week] + 1) / (usual[week] + 1) for week in seen}, usual)
    return level * math.exp(trend * age), trend


def _trend(factors: Mapping[int, float], usual: Mapping[int, float]) -> float:
    """Return the slope of the logarithms of weekly factors (week 0 is the last), shrunk by its error."""
    if len(factors) < _TREND_WEEKS:
        return 0.0
    points = [
        (-week, math.log(factor), usual[week] * math.exp2(-week / _TREND_HALF_LIFE))
        for week, factor in factors.items()
    ]
    total = sum(weight for *_, weight in points)
    middle, mean = (sum(point[i] * point[2] for point in points) / total for i in (0, 1))
    width = sum(weight * (x - middle) ** 2 for x, _, weight in points)
    slope = sum(weight * (x - middle) * (y - mean) for x, y, weight in points) / width
    errors = sum(w * (y - mean - slope * (x - middle)) ** 2 for x, y, w in points) / total
    noise = errors * len(points) / (len(points) - 2) * sum((w * (x - middle)) ** 2 for x, _, w in points)
    share = max(0.0, 1 - _TREND_ERRORS**2 * noise / (width * slope) ** 2) if slope else 0.0
    return min(max(slope * share, -_MOST_TREND), _MOST_TREND)


def _holiday_factor(flat: Forecast, past: Mapping[int, int]) -> float:
    """Return how many times as much as on a Sunday comes on a holiday; near 1 where few were seen."""
    of_day = sum(flat.rates[_SUNDAY * HOURS_OF_DAY :])
    holidays = [hour for hour in past if flat.calendar.is_holiday(hour)]
    seen = sum(past[hour] for hour in holidays)
    return (seen + of_day) / (sum(flat.mean(hour) for hour in holidays) + of_day)


def _before_each_week(
    past: Mapping[int, int], calendar: Calendar, since: int
) -> Iterator[tuple[int, Forecast]]:
    """Yield when each of the last weeks begins, and the forecast of what was known before it."""
    for week in range(1, _TESTED_WEEKS + 1):
        begins = since - week * HOURS_OF_WEEK
        known = {hour: count for hour, count in past.items() if hour < begins}
        if len(known) * HOUR < SHORT:
            return
        yield begins, _fitted(known, calendar, begins)


def _with_interval(made: Forecast, tested: Sequence[tuple[int, int, float]]) -> Forecast:
    days: dict[date, tuple[int, float]] = {}
    for hour, count, mean in tested:
        day = made.calendar.local(hour).date()
        total = days.get(day, (0, 0.0))
        days[day] = total[0] + count, total[1] + mean
    return Forecast(
        calendar=made.calendar,
        since=made.since,
        known_hours=made.known_hours,
        rates=made.rates,
        level=made.level,
        trend=made.trend,
        holiday=made.holiday,
        of_hours=_likeliest([(count, mean) for _, count, mean in tested]),
        of_days=_likeliest(list(days.values())),
    )


def _likeliest(tested: Sequence[tuple[int, float]]) -> _Variance:
    """Return the variance of a grid under which these counts are likeliest around their forecasts."""
    choices = (_Variance(*both) for both in product(_CLUMPING, _SPREAD))
    return max(choices, key=lambda one: sum(log_probability(n, m, one.of(m)) for n, m in tested if m > 0))
