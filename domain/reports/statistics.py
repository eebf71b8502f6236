"""Summarise durations, and test whether two periods differ by more than chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_NINE_TENTHS = 0.9
_MIN_PER_PERIOD = 5
_TAIL, _Z_95 = 0.025, 1.959964
_MANY = 500
_LEVEL = 0.05


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


def median_interval(seconds: Sequence[float]) -> tuple[float, float] | None:
    """Return between which values the median is, 95 % sure, whatever the distribution; `None` of under 6.

    By the sign test: as many values are below the median as a coin falls heads. Of more than 500 values, the
    number of these is taken as normal.
    """
    ordered, count = sorted(seconds), len(seconds)
    if count > _MANY:
        left = math.floor((count - _Z_95 * math.sqrt(count)) / 2)
        return ordered[left], ordered[count - 1 - left]
    below, left = 0.5**count, 0  # how likely it is that no more than `left` values are below the median
    while below <= _TAIL:
        left += 1
        below += math.comb(count, left) * 0.5**count
    return (ordered[left - 1], ordered[count - left]) if left else None


def share_interval(part: int, whole: int) -> tuple[float, float] | None:
    """Return between which values a share is, 95 % sure (Wilson's interval); `None` of nothing."""
    if not whole:
        return None
    share, z2 = part / whole, _Z_95**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    margin = _Z_95 * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return max(middle - margin, 0.0), min(middle + margin, 1.0)


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


def significant(p_values: Sequence[float]) -> list[bool]:
    """Return which of the tests hold together (Holm): in at most 5 % of cases is one among them by chance."""
    holds = [False] * len(p_values)
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[index] > _LEVEL / (len(p_values) - rank):
            break
        holds[index] = True
    return holds


def _upper_tail(z: float) -> float:
    return math.erfc(z / math.sqrt(2)) / 2
