"""Summarise durations, and test whether two periods differ by more than chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_NINE_TENTHS = 0.9
_MIN_PER_PERIOD = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 90th percentile of durations in seconds; `None` where there is none."""

    count: int
    median: float | None
    p90: float | None


def spread_of(seconds: Sequence[float]) -> Spread:
    """Return count, median and 90th percentile, as the functions MEDIAN and PERCENTILE of spreadsheets do."""
    ordered = sorted(seconds)
    return Spread(len(ordered), percentile(ordered, 0.5), percentile(ordered, _NINE_TENTHS))


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Interpolate a percentile of values that are sorted; `None` of none."""
    if not ordered:
        return None
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def share_of(part: int, whole: int) -> float | None:
    """Return a share; `None` of nothing."""
    return part / whole if whole else None


def change_of(now: float, before: float) -> float | None:
    """Return by which share a number has changed; `None` where there was nothing to compare with."""
    return now / before - 1 if before else None


def dispersion(series: Sequence[Sequence[int]]) -> float:
    """Return how many times the variance of daily counts is that of chance (Poisson), at least 1.

    It is measured from day to day within each series, so that a trend does not count as scatter.
    """
    steps = [(one, other) for counts in series for one, other in pairwise(counts)]
    total = sum(one + other for one, other in steps)
    if not total:
        return 1.0
    return max(1.0, sum((one - other) ** 2 for one, other in steps) / total)


def p_more_events(now: int, before: int, *, exposure: float = 1.0, scatter: float = 1.0) -> float:
    """Return how likely chance is to make at least this many more events than the time before.

    Conditional test of two counts, as a normal approximation: of all events, the share in the later time is
    `exposure / (1 + exposure)`, where `exposure` is the ratio of the lengths. `scatter` widens it where days
    differ by more than chance. 1 where there are too few events to tell.
    """
    total = now + before
    if total < 2 * _MIN_PER_PERIOD:
        return 1.0
    share = exposure / (1 + exposure)
    spread = math.sqrt(total * share * (1 - share) * scatter)
    return _upper_tail((now - 0.5 - total * share) / spread)


def p_larger_share(now: tuple[int, int], before: tuple[int, int]) -> float:
    """Return how likely chance is to make a share (part, whole) at least this much larger than before."""
    (part, whole), (part_before, whole_before) = now, before
    pooled = (part + part_before) / (whole + whole_before) if whole and whole_before else 0.0
    spread = math.sqrt(pooled * (1 - pooled) * (1 / whole + 1 / whole_before)) if 0 < pooled < 1 else 0.0
    if not spread or min(whole, whole_before) < 2 * _MIN_PER_PERIOD:
        return 1.0
    return _upper_tail((part / whole - part_before / whole_before) / spread)


@dataclass(frozen=True, slots=True)
class Sums:
    """The number of values, their sum, and the sum of their squares."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    @property
    def mean(self) -> float | None:
        """The mean; `None` of none."""
        return self.total / self.count if self.count else None

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.count + other.count, self.total + other.total, self.squares + other.squares)


def p_lower_mean(now: Sums, before: Sums) -> float:
    """Return how likely chance is to make a mean at least this much lower than before (Welch's test)."""
    if min(now.count, before.count) < 2 * _MIN_PER_PERIOD:
        return 1.0
    error = sum((one.squares - one.total**2 / one.count) / one.count**2 for one in (now, before))
    if error <= 0:
        return 1.0
    return _upper_tail((before.total / before.count - now.total / now.count) / math.sqrt(error))


def significant(p_values: Sequence[float], *, level: float = 0.05) -> list[bool]:
    """Return which of the tests hold together at this level (Holm): no more than that share is by chance."""
    holds = [False] * len(p_values)
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[index] > level / (len(p_values) - rank):
            break
        holds[index] = True
    return holds


def _upper_tail(z: float) -> float:
    return math.erfc(z / math.sqrt(2)) / 2
