"""Divide a period into the parts of a chart."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from domain.reports.periods import parse_period
from domain.reports.trends import Step, merged, parts_of

NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "step", "hours"),
    [
        ("2026-11-01..2026-11-23", Step.WEEK, [168, 168, 168, 48]),
        ("2026-11-01..2026-11-03", Step.DAY, [24, 24, 24]),
        ("today", Step.HOUR, [1] * 12 + [0.5]),
    ],
)
def test_the_parts_of_a_period_are_all_of_it(words: str, step: Step, hours: list[float]) -> None:
    period = parse_period(words, now=NOW, zone=UTC)
    parts = parts_of(period, step)
    assert [(part.until - part.since).total_seconds() / 3600 for part in parts] == hours
    assert (parts[0].since, parts[-1].until) == (period.since, period.until)
    assert all(one.until == following.since for one, following in pairwise(parts))


@pytest.mark.parametrize(
    ("most", "days"), [(10, [1] * 7), (7, [1] * 7), (6, [2, 2, 2, 1]), (3, [3, 3, 1]), (1, [7])]
)
def test_parts_are_joined_until_there_are_few_enough(most: int, days: list[int]) -> None:
    period = parse_period("2026-11-01..2026-11-07", now=NOW, zone=UTC)
    parts = merged(parts_of(period, Step.DAY), most=most)
    assert [(part.until - part.since).days for part in parts] == days
    assert (parts[0].since, parts[-1].until) == (period.since, period.until)
    assert [part.date for part in parts] == [part.since.date() for part in parts]
