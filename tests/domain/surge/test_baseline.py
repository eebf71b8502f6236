import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from domain.surge.baseline import (
    HOURS_OF_WEEK,
    PRIOR_RATE,
    Level,
    fit,
    hour_number,
    levels_before,
)
from tests.domain.surge.made import NOW, history

UNTIL = hour_number(NOW)


def _daily(weeks: int = 8, *, night: int = 1, day: int = 20) -> dict[int, int]:
    first = UNTIL - weeks * HOURS_OF_WEEK
    return {h: day if 8 <= h % 24 < 20 else night for h in range(first, UNTIL)}


def _at(hour: int, *, day: int = 3) -> datetime:
    return datetime(2026, 6, day, hour, 30, tzinfo=UTC)


def test_the_rate_follows_the_time_of_day() -> None:
    baseline = fit(_daily(), until=UNTIL)
    assert baseline.rate_at(_at(13)) == pytest.approx(20, rel=0.15)
    assert baseline.rate_at(_at(2)) == pytest.approx(1, rel=0.5)


def test_the_rate_follows_the_weekday() -> None:
    counts = {h: 2 if (h // 24 + 3) % 7 >= 5 else 12 for h in _daily()}
    baseline = fit(counts, until=UNTIL)
    wednesday, sunday = baseline.rate_at(_at(13)), baseline.rate_at(_at(13, day=7))
    assert wednesday == pytest.approx(12, rel=0.1)
    assert sunday == pytest.approx(2, rel=0.4)


def test_the_rate_has_no_steps_between_hours() -> None:
    baseline = fit(_daily(), until=UNTIL)
    rates = [baseline.rate_at(NOW + timedelta(minutes=minute)) for minute in range(7 * 1_440)]
    assert max(abs(one - next_) for one, next_ in pairwise(rates)) < 1


def test_without_a_history_a_little_is_taken_for_usual() -> None:
    baseline = fit({}, until=UNTIL)
    assert baseline.rate_at(NOW) == pytest.approx(PRIOR_RATE)
    expected = baseline.expected(NOW - timedelta(hours=1), NOW, Level())
    assert expected.variance > 2 * expected.mean


def test_a_longer_history_makes_the_expectation_more_certain() -> None:
    short, long = (fit(history(3.0, weeks=weeks), until=UNTIL) for weeks in (1, 8))
    hour = (NOW - timedelta(hours=1), NOW, Level(weight=1e9))
    assert long.expected(*hour).variance < short.expected(*hour).variance


def test_single_hours_far_too_high_hardly_count() -> None:
    counts = dict(history(3.0))
    for day in range(0, 56, 9):
        counts[UNTIL - 1 - 24 * day] = 400
    baseline = fit(counts, until=UNTIL)
    assert max(baseline.rates) < 3 * 3.0
    assert baseline.expected(NOW - timedelta(hours=1), NOW, Level()).mean < 8


def test_counts_that_vary_more_widen_the_distribution() -> None:
    dice = random.Random(3)
    steady = {h: sum(dice.random() < 0.1 for _ in range(50)) for h in _daily()}
    erratic = {h: dice.choice([0, 1, 2, 5, 17]) for h in _daily()}
    hour = (NOW - timedelta(hours=1), NOW, Level(weight=1e9))
    narrow, wide = (fit(counts, until=UNTIL).expected(*hour) for counts in (steady, erratic))
    assert wide.mean == pytest.approx(narrow.mean, rel=0.2)
    assert wide.variance > 2 * narrow.variance


def test_a_heavy_tail_makes_large_counts_less_surprising() -> None:
    dice = random.Random(4)
    light = {h: sum(dice.random() < 0.1 for _ in range(20)) for h in _daily()}
    heavy = {h: n + (15 if dice.random() < 0.03 else 0) for h, n in light.items()}
    assert fit(light, until=UNTIL).tail > 0.9
    assert fit(heavy, until=UNTIL).tail < 0.8


def test_the_level_follows_the_last_hours() -> None:
    baseline = fit(history(10.0), until=UNTIL)
    doubled = {UNTIL - n: 20 for n in range(1, 13)}
    assert levels_before(baseline, doubled, hour=UNTIL, many=1)[0].factor == pytest.approx(2, rel=0.15)
    assert levels_before(baseline, {}, hour=UNTIL, many=2) == [Level(), Level()]


def test_earlier_levels_know_nothing_of_later_hours() -> None:
    baseline = fit(history(10.0), until=UNTIL)
    rising = {UNTIL - n: 10 for n in range(3, 13)} | {UNTIL - 2: 20, UNTIL - 1: 20}
    last, *_, third = levels_before(baseline, rising, hour=UNTIL, many=3)
    assert third == levels_before(baseline, rising, hour=UNTIL - 2, many=1)[0]
    assert third.factor < last.factor


def test_one_hour_far_too_high_hardly_raises_the_level() -> None:
    baseline = fit(history(10.0), until=UNTIL)
    counts = {UNTIL - n: 10 for n in range(2, 13)} | {UNTIL - 1: 5_000}
    assert levels_before(baseline, counts, hour=UNTIL, many=1)[0].factor < 2


def test_missing_hours_are_unknown_and_not_empty() -> None:
    counts = {h: n for h, n in history(10.0).items() if h % 5}
    baseline = fit(counts, until=UNTIL)
    assert min(baseline.rates) == pytest.approx(10, rel=0.15)
