"""Compute the forecast of the outlook anew, by what docs/figures.md says of it and without its code."""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC

import pytest

from domain.reports.forecast import Calendar, forecast

SINCE = 491_344  # the number of an hour in 2026
WEEK, MONDAY = 168, 96  # hours; hour 96 since 1970 began the first Monday
NEIGHBOURS = ((0, 1.0), (-1, 0.5), (1, 0.5))


def plausible(mean: float) -> float:
    return mean + 3 * math.sqrt(1.15 * mean + 0.15 * mean**2) + 2


def shrunk(values: Iterable[tuple[float, float]], towards: float) -> float:
    known, many = list(values), max(4.0, 10 / towards)
    total = sum(weight * value for value, weight in known) + towards * many
    return total / (sum(weight for _, weight in known) + many)


def usual_hours(past: Mapping[int, int]) -> list[float]:
    """Return the usual messages by hour of the week, from Monday on."""
    counts = sorted(past.values())
    most = counts[int(0.98 * (len(counts) - 1))] + 1
    overall = (sum(min(count, most) for count in counts) + 3) / (len(counts) + 3)
    by_hour: dict[int, list[float]] = defaultdict(list)
    for hour, count in past.items():
        by_hour[hour % 24].append(min(count, 3 * plausible(overall)))
    of_day = [
        shrunk(((one, weight) for away, weight in NEIGHBOURS for one in by_hour[(hour + away) % 24]), overall)
        for hour in range(24)
    ]
    cut = {hour: min(count, 2 * plausible(of_day[hour % 24])) for hour, count in past.items()}
    by_day: dict[int, float] = defaultdict(lambda: 20.0)
    rates: dict[int, float] = defaultdict(lambda: 20.0)
    of_week: dict[int, list[float]] = defaultdict(list)
    for hour, capped in cut.items():
        weekday = (hour - MONDAY) // 24 % 7
        by_day[weekday] += capped
        rates[weekday] += of_day[hour % 24]
        of_week[(hour - MONDAY) % WEEK].append(capped)

    def of_hour(hour: int) -> float:
        own, day = of_day[hour % 24], hour // 24
        near = (
            (one * own / of_day[(hour + away) % 24], weight)
            for away, weight in NEIGHBOURS
            for one in of_week[(hour + away) % WEEK]
        )
        return shrunk(near, own * by_day[day] / rates[day])

    return [of_hour(hour) for hour in range(WEEK)]


def level_and_trend(past: Mapping[int, int], usual: Sequence[float]) -> tuple[float, float]:
    seen: dict[int, float] = defaultdict(float)
    expected: dict[int, float] = defaultdict(float)
    for hour, count in past.items():
        week, mean = (SINCE - 1 - hour) // WEEK, usual[(hour - MONDAY) % WEEK]
        seen[week] += min(count, mean + 3 * math.sqrt(1.15 * mean + 0.2 * mean**2) + 2)
        expected[week] += mean
    weights = {week: 2 ** (-week / 2) for week in seen}
    base = sum(weights[week] * expected[week] for week in seen)
    level = (sum(weights[week] * seen[week] for week in seen) + 20) / (base + 20)
    middle = sum(weights[week] * expected[week] * (week + 0.5) for week in seen) / base
    trend = slope_of({week: (seen[week] + 1) / (expected[week] + 1) for week in seen}, expected)
    return level * math.exp(trend * middle), trend


def slope_of(factors: Mapping[int, float], expected: Mapping[int, float]) -> float:
    weeks = list(factors)
    x, y = [-week for week in weeks], [math.log(factors[week]) for week in weeks]
    w = [expected[week] * 2 ** (-week / 3) for week in weeks]
    middle, mean = (sum(map(math.prod, zip(w, one, strict=True))) / sum(w) for one in (x, y))
    width = sum(weight * (at - middle) ** 2 for weight, at in zip(w, x, strict=True))
    points = list(zip(w, x, y, strict=True))
    slope = sum(weight * (at - middle) * (value - mean) for weight, at, value in points) / width
    left = [weight * (value - mean - slope * (at - middle)) ** 2 for weight, at, value in points]
    error = math.sqrt(
        sum(left)
        / sum(w)
        * len(w)
        / (len(w) - 2)
        * sum((weight * (at - middle)) ** 2 for weight, at, _ in points)
    )
    share = max(0.0, 1 - 9 * (error / width / slope) ** 2)
    return min(max(slope * share, -0.15), 0.15)


@pytest.mark.parametrize(("seed", "weeks", "growth"), [(1, 8, 4.0), (2, 8, -1.5), (3, 5, 0.0), (4, 3, 2.0)])
def test_each_hour_is_what_the_documents_say(seed: int, weeks: int, growth: float) -> None:
    chance = random.Random(seed)
    hours = range(SINCE - weeks * WEEK, SINCE)
    past = {
        hour: int(chance.expovariate(1 / (2 + hour % 24 / 4 + growth * (hour - hours[0]) / len(hours))))
        for hour in hours
        if chance.random() < 0.95
    }
    made = forecast(past, Calendar(zone=UTC), since=SINCE)
    assert made is not None
    usual = usual_hours(past)
    level, trend = level_and_trend(past, usual)
    assert (made.level, made.trend) == pytest.approx((level, trend))
    for hour in range(SINCE, SINCE + WEEK):
        expected = usual[(hour - MONDAY) % WEEK] * level * math.exp(trend * (hour - SINCE) / WEEK)
        assert made.mean(hour) == pytest.approx(expected)
