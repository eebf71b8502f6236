"""Measure whether customers stop writing about an outage after it was resolved."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.outages.truth_meter import (
    Span,
    TruthMeter,
    from_first_report,
    measure_truth,
    report_spans,
    truth_spans,
)

RESOLVED = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


def minutes(*numbers: float) -> list[datetime]:
    return [RESOLVED + timedelta(minutes=number) for number in numbers]


def counted(reported: Sequence[datetime], spans: Sequence[Span]) -> list[int]:
    """Count as the storage does."""
    return [sum(after < at <= until for at in reported) for after, until in spans]


def measured(reported: Sequence[datetime], *, resolved_at: datetime, now: datetime) -> TruthMeter:
    counts = counted(reported, truth_spans(resolved_at=resolved_at, now=now))
    return measure_truth(counts, resolved_at=resolved_at, now=now)


def count_reports(reported: Sequence[datetime], *, now: datetime) -> tuple[int, ...]:
    return from_first_report(counted(reported, report_spans(now)))


def test_posts_are_counted_around_the_resolution() -> None:
    meter = measured(minutes(-30, -19, -1, 0, 5, 50, 59), resolved_at=RESOLVED, now=minutes(60)[0])
    assert (meter.before, meter.since, meter.latest) == (3, 3, 2)


@pytest.mark.parametrize(
    ("before", "after", "at", "goes_on"),
    [
        (4, 3, 20, True),
        (4, 3, 19, False),  # not long enough yet
        (6, 3, 20, False),  # half as many: they fall
        (0, 3, 20, True),
        (0, 2, 20, False),  # a handful
    ],
)
def test_a_resolution_does_not_hold_where_posts_do_not_fall(
    before: int, after: int, at: int, *, goes_on: bool
) -> None:
    reported = minutes(*[-5] * before, *[5] * after)
    assert measured(reported, resolved_at=RESOLVED, now=minutes(at)[0]).goes_on is goes_on


def test_posts_of_an_hour_ago_do_not_count_as_the_latest() -> None:
    reported = minutes(-5, 1, 2, 3, 4)
    assert not measured(reported, resolved_at=RESOLVED, now=minutes(60)[0]).goes_on


def test_reports_are_counted_for_each_ten_minutes_from_the_first() -> None:
    assert count_reports(minutes(0, 1, 15, 29.5), now=minutes(30)[0]) == (1, 1, 1, 1)
    assert count_reports(minutes(0), now=minutes(130)[0]) == ()
    assert count_reports([], now=RESOLVED) == ()
