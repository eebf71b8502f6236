"""Measure whether customers stop writing about an outage after it was resolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: How long posts are still compared with an outage, and counted, after it was resolved.
WATCHED_AFTER = timedelta(hours=2)
#: The time before the resolution that the last posts are compared with.
COMPARED = timedelta(minutes=20)
REPORTS_EACH = timedelta(minutes=10)
REPORTS_SHOWN = 12
_FEWEST = 3

#: A time in which posts are counted: after its first moment, and up to its last one.
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthMeter:
    """Posts about an outage that is said to be resolved.

    `since` counts all after the resolution, `latest` those of the last `COMPARED`, `before` those of the same
    time before the resolution. `is_due` once that time has passed.
    """

    since: int
    latest: int
    before: int
    is_due: bool

    @property
    def goes_on(self) -> bool:
        """Whether the posts do not fall: more than half as many as before, and no mere handful."""
        return self.is_due and self.latest >= _FEWEST and 2 * self.latest > self.before


def truth_spans(*, resolved_at: datetime, now: datetime) -> list[Span]:
    """Return in which times posts are counted to measure whether a resolution holds."""
    return [
        (resolved_at, now),
        (max(resolved_at, now - COMPARED), now),
        (resolved_at - COMPARED, resolved_at),
    ]


def measure_truth(counts: Sequence[int], *, resolved_at: datetime, now: datetime) -> TruthMeter:
    """Measure whether a resolution holds by the number of posts in each of the `truth_spans`."""
    since, latest, before = counts
    return TruthMeter(since=since, latest=latest, before=before, is_due=now >= resolved_at + COMPARED)


def report_spans(now: datetime) -> list[Span]:
    """Return the last `REPORTS_SHOWN` times of `REPORTS_EACH`, oldest first."""
    ages = range(REPORTS_SHOWN, 0, -1)
    return [(now - age * REPORTS_EACH, now - (age - 1) * REPORTS_EACH) for age in ages]


def from_first_report(counts: Sequence[int]) -> tuple[int, ...]:
    """Return the counts from the first time that has a post; empty without any."""
    first = next((index for index, count in enumerate(counts) if count), len(counts))
    return tuple(counts[first:])
