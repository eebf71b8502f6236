"""Measure whether customers stop writing about an outage after it was resolved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: How long posts are still compared with an outage, and counted, after it was resolved.
WATCHED_AFTER = timedelta(hours=2)
#: The time before the resolution that the last posts are compared with.
COMPARED = timedelta(minutes=20)
REPORTS_EACH = timedelta(minutes=10)
REPORTS_SHOWN = 12
_FEWEST = 3


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


def measure_truth(reported: Iterable[datetime], *, resolved_at: datetime, now: datetime) -> TruthMeter:
    """Count posts around a resolution; `reported` are the times at which they were written."""
    times = list(reported)
    return TruthMeter(
        since=sum(at > resolved_at for at in times),
        latest=sum(at > max(resolved_at, now - COMPARED) for at in times),
        before=sum(resolved_at - COMPARED < at <= resolved_at for at in times),
        is_due=now >= resolved_at + COMPARED,
    )


def count_reports(reported: Sequence[datetime], *, now: datetime) -> tuple[int, ...]:
    """Count posts in each of the last `REPORTS_SHOWN` times of `REPORTS_EACH`, oldest first.

    Empty without any. The counts begin with the first time that has a post.
    """
    counts = [0] * REPORTS_SHOWN
    for at in reported:
        age = int((now - at) / REPORTS_EACH)
        if 0 <= age < REPORTS_SHOWN:
            counts[REPORTS_SHOWN - 1 - age] += 1
    first = next((index for index, count in enumerate(counts) if count), REPORTS_SHOWN)
    return tuple(counts[first:])
