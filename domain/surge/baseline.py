"""Estimate what is usual for a series of counts: by hour of the week, the level, and how much it varies.

The expected count of an hour is its rate (by hour of the week, shrunk towards hour of the day times day of
the week, and that towards the overall rate) times the level of the last hours. Single hours that are far too
high count no more than what is plausible. The variance is `1 + clumping` times the mean plus `spread` times
its square: posts come in clumps, and levels change.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.surge.negative_binomial import log_tail

HOUR = timedelta(hours=1)
HOURS_OF_DAY = 24
HOURS_OF_WEEK = 168
HISTORY_HOURS = 8 * HOURS_OF_WEEK
#: What is assumed before anything is known: posts an hour, and its uncertainty in hours of observation.
PRIOR_RATE = 1.0
PRIOR_HOURS = 3.0

_MONDAY = 4 * HOURS_OF_DAY  # 1970-01-05 was one
_PRIOR_COUNT = 10.0  # posts that the rate of a coarser kind of hour is worth
_PRIOR_POINTS = 4.0  # hours, the same where posts are many
_NEIGHBOUR = 0.5  # weight of the hours before and after
_LEVEL_HALF_LIFE = 5.0  # hours
_LEVEL_PRIOR = 6.0  # posts by which the level stays near 1
_LEVEL_HOURS = 24
_PRIOR_CLUMPING, _PRIOR_SPREAD = 0.15, 0.15
_LEAST_CLUMPING = 0.1  # people answer each other everywhere, and hourly counts hardly show it
_PRIOR_DISPERSION_HOURS = 72.0
_TAIL_FROM = 3.0  # minus the logarithm of p from which the tail is looked at
_TAIL_MOST = 12.0
_TAIL_PRIOR = 15.0  # hours of evidence
_LEAST_TAIL = 0.3
_LEAST_LEVEL, _MOST_LEVEL = 0.1, 10.0


def hour_number(at: datetime) -> int:
    """Return the number of the hour, counted from 1970."""
    return int(at.timestamp() // 3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The distribution of a count: its mean and variance, and `tail`, by which log-probabilities are scaled.

    `tail` is below 1 where large counts were more frequent than the negative binomial distribution says.
    """

    mean: float
    variance: float
    tail: float

    def log_tail(self, count: int) -> float:
        """Return the logarithm of the probability of this count or more; 0 if it is not above the mean."""
        return self.tail * log_tail(count, self.mean, self.variance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is usual for a series. `rates` are posts an hour, by hour of the week (UTC) from Monday on."""

    rates: tuple[float, ...]
    clumping: float = _PRIOR_CLUMPING
    spread: float = _PRIOR_SPREAD
    tail: float = 1.0
    known_hours: int = 0

    def rate_at(self, at: datetime) -> float:
        """Return the posts an hour at a moment, interpolated between the middles of hours."""
        position = at.timestamp() / 3600 - _MONDAY - 0.5
        hour = math.floor(position)
        share = position - hour
        first, second = self.rates[hour % HOURS_OF_WEEK], self.rates[(hour + 1) % HOURS_OF_WEEK]
        return first + (second - first) * share

    def rate_of(self, hour: int) -> float:
        """Return the posts in an hour of this number."""
        return self.rates[(hour - _MONDAY) % HOURS_OF_WEEK]

    def expected(self, since: datetime, until: datetime, level: "Level") -> Expected:
        """Return the distribution of the count between two moments, at the level of these hours."""
        parts = max(1, math.ceil((until - since) / HOUR))
        part = (until - since) / parts
        mean = sum(self.rate_at(since + part * (n + 0.5)) for n in range(parts)) * (part / HOUR)
        return self.around(mean * level.factor, level)

    def around(self, mean: float, level: "Level") -> Expected:
        """Return the distribution of a count with this mean."""
        relative = self.spread + 1 / level.weight + HOURS_OF_DAY / (self.known_hours + HOURS_OF_DAY)
        variance = mean * (1 + self.clumping) + mean * mean * relative
        return Expected(mean=mean, variance=variance, tail=self.tail)


@dataclass(frozen=True, slots=True)
class Level:
    """By which factor more comes than the rates say, and the number of posts that this is known from."""

    factor: float = 1.0
    weight: float = _LEVEL_PRIOR


class LevelFilter:
    """Follows the level from hour to hour, with exponential forgetting."""

    __slots__ = ("_expected", "_seen")

    def __init__(self) -> None:
        self._seen = self._expected = 0.0

    @property
    def level(self) -> Level:
        factor = (_LEVEL_PRIOR + self._seen) / (_LEVEL_PRIOR + self._expected)
        return Level(min(max(factor, _LEAST_LEVEL), _MOST_LEVEL), _LEVEL_PRIOR + self._seen)

    def skip(self) -> None:
        """Move on by an hour of which nothing is known."""
        keep = 0.5 ** (1 / _LEVEL_HALF_LIFE)
        self._seen *= keep
        self._expected *= keep

    def add(self, count: float, rate: float) -> None:
        """Move on by an hour with this count, of which `rate` would be usual."""
        self.skip()
        self._seen += count
        self._expected += rate


def levels_before(baseline: Baseline, counts: Mapping[int, int], *, hour: int, many: int) -> list[Level]:
    """Return the levels before the last hours, newest first, each from the counts of the hours before it."""
    follow, levels = LevelFilter(), [Level()]
    for past in range(hour - _LEVEL_HOURS, hour):
        if past in counts:
            rate = baseline.rate_of(past)
            most = plausible(rate * follow.level.factor, baseline.clumping, baseline.spread)
            follow.add(min(counts[past], most), rate)
        else:
            follow.skip()
        levels.append(follow.level)
    return levels[-many:][::-1]


def fit(counts: Mapping[int, int], *, until: int) -> Baseline:
    """Estimate the baseline from the counts of past hours, by hour number.

    Hours that are missing are unknown; those from `until` on, or older than `HISTORY_HOURS`, are left out.
    """
    past = sorted((h, n) for h, n in counts.items() if until - HISTORY_HOURS <= h < until)
    rates = usual_rates(past)
    return _with_dispersion(Baseline(rates=rates, known_hours=len(past)), past)


def plausible(mean: float, clumping: float, spread: float) -> float:
    """Return the count above which an hour tells nothing of what is usual."""
    return mean + 3 * math.sqrt(mean * (1 + clumping) + mean * mean * spread) + 2


def usual_rates(past: Sequence[tuple[int, int]]) -> tuple[float, ...]:
    """Estimate the posts an hour by hour of the week, from the numbers of past hours and their counts."""
    overall = _overall(past)
    cap = 3 * plausible(overall, _PRIOR_CLUMPING, _PRIOR_SPREAD)
    by_day: list[list[float]] = [[] for _ in range(HOURS_OF_DAY)]
    for hour, count in past:
        by_day[hour % HOURS_OF_DAY].append(min(count, cap))
    of_day = [_shrunk(_with_neighbours(by_day, h), overall, []) for h in range(HOURS_OF_DAY)]
    seen, usual = [0.0] * 7, [0.0] * 7
    of_week: list[list[float]] = [[] for _ in range(HOURS_OF_WEEK)]
    for hour, count in past:
        rate = of_day[hour % HOURS_OF_DAY]
        clipped = min(count, 2 * plausible(rate, _PRIOR_CLUMPING, _PRIOR_SPREAD))
        of_week[(hour - _MONDAY) % HOURS_OF_WEEK].append(clipped)
        weekday = (hour - _MONDAY) // HOURS_OF_DAY % 7
        seen[weekday] += clipped
        usual[weekday] += rate
    prior = 2 * _PRIOR_COUNT
    factor = [(s + prior) / (u + prior) for s, u in zip(seen, usual, strict=True)]
    return tuple(
        _shrunk(
            _with_neighbours(of_week, h), of_day[h % HOURS_OF_DAY] * factor[h // HOURS_OF_DAY], of_day, hour=h
        )
        for h in range(HOURS_OF_WEEK)
    )


def _overall(past: Sequence[tuple[int, int]]) -> float:
    """Return the posts an hour over all hours; the highest fiftieth counts as the one below it."""
    ordered = sorted(count for _, count in past)
    if ordered:
        most = ordered[int(0.98 * (len(ordered) - 1))]
        ordered = [min(count, most + 1) for count in ordered]
    return (sum(ordered) + PRIOR_RATE * PRIOR_HOURS) / (len(ordered) + PRIOR_HOURS)


def _with_neighbours(values: Sequence[Sequence[float]], at: int) -> list[tuple[float, float, int]]:
    """Return the values of an hour, and of those beside it, as (value, weight, hours away)."""
    size = len(values)
    return [
        (value, weight, away)
        for away, weight in ((0, 1.0), (-1, _NEIGHBOUR), (1, _NEIGHBOUR))
        for value in values[(at + away) % size]
    ]


def _shrunk(
    values: Iterable[tuple[float, float, int]], prior: float, of_day: Sequence[float], *, hour: int = 0
) -> float:
    """Return the weighted mean of the values, shrunk towards `prior`.

    Neighbours are scaled by how the hours of the day differ, where that is known.
    """
    own = of_day[hour % HOURS_OF_DAY] if of_day else 1.0
    total, weights = 0.0, 0.0
    for value, weight, away in values:
        scale = own / of_day[(hour + away) % HOURS_OF_DAY] if of_day and away else 1.0
        total += weight * value * scale
        weights += weight
    points = max(_PRIOR_POINTS, _PRIOR_COUNT / prior)
    return (total + prior * points) / (weights + points)


def _with_dispersion(baseline: Baseline, past: Sequence[tuple[int, int]]) -> Baseline:
    """Return the baseline with the variance and the tail of the errors of predicting each hour before it."""
    predicted = _one_step_ahead(baseline, past)
    share = len(predicted) / (len(predicted) + _PRIOR_DISPERSION_HOURS)
    clumping, spread = _excess(predicted)
    with_variance = Baseline(
        rates=baseline.rates,
        known_hours=baseline.known_hours,
        clumping=max(_LEAST_CLUMPING, share * clumping + (1 - share) * _PRIOR_CLUMPING),
        spread=share * spread + (1 - share) * _PRIOR_SPREAD,
    )
    return Baseline(
        rates=with_variance.rates,
        known_hours=with_variance.known_hours,
        clumping=with_variance.clumping,
        spread=with_variance.spread,
        tail=_tail(with_variance, predicted),
    )


def _excess(predicted: Iterable[tuple[int, float]]) -> tuple[float, float]:
    """Return clumping and spread: least squares of the squared errors above the mean, neither below 0."""
    first = mixed = second = by_mean = by_square = 0.0
    for count, mean in predicted:
        clipped = min(count, plausible(mean, 2 * _PRIOR_CLUMPING, 4 * _PRIOR_SPREAD))
        error = (clipped - mean) ** 2 - mean
        weight = 1 / (mean * (1 + _PRIOR_CLUMPING) + mean * mean * _PRIOR_SPREAD) ** 2
        first += weight * mean**2
        mixed += weight * mean**3
        second += weight * mean**4
        by_mean += weight * error * mean
        by_square += weight * error * mean**2
    determinant = first * second - mixed * mixed
    if determinant <= 0:
        return 0.0, 0.0
    clumping = (by_mean * second - by_square * mixed) / determinant
    spread = (by_square * first - by_mean * mixed) / determinant
    if spread < 0:
        return max(0.0, by_mean / first), 0.0
    if clumping < 0:
        return 0.0, max(0.0, by_square / second)
    return clumping, spread


def _one_step_ahead(baseline: Baseline, past: Sequence[tuple[int, int]]) -> list[tuple[int, float]]:
    """Return count and prediction of each hour, without those of the first day."""
    follow, predicted = LevelFilter(), []
    last = None
    for hour, count in past:
        for _ in range(min(hour - last - 1, _LEVEL_HOURS) if last is not None else 0):
            follow.skip()
        rate = baseline.rate_of(hour)
        mean = rate * follow.level.factor
        if hour - past[0][0] >= HOURS_OF_DAY:
            predicted.append((count, mean))
        follow.add(min(count, plausible(mean, baseline.clumping, baseline.spread)), rate)
        last = hour
    return predicted


def _tail(baseline: Baseline, predicted: Iterable[tuple[int, float]]) -> float:
    """Return the exponent by which the probabilities of large counts are as frequent as they say.

    Minus the logarithm of a true p-value is exponential of rate 1; the rate is estimated above a threshold
    (Hill 1975), shrunk towards 1.
    """
    known = Level(weight=math.inf)
    excess, hours = 0.0, 0
    for count, mean in predicted:
        variance = baseline.around(mean, known).variance
        if count <= mean + math.sqrt(variance):
            continue  # far from rare
        log_p = -log_tail(count, mean, variance)
        if log_p > _TAIL_FROM:
            excess += min(log_p - _TAIL_FROM, _TAIL_MOST)
            hours += 1
    return min(1.0, max(_LEAST_TAIL, (hours + _TAIL_PRIOR) / (excess + _TAIL_PRIOR)))
