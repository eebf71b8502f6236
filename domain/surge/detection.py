"""Detect spikes: test the posts of the last minutes and hours against what is usual.

Windows of several lengths end now. Each is tested at a level so small that all tests of all series together
raise no more false alarms than the budget allows. Counted are authors, so that one who writes ten times
counts once.
"""

import math
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.surge.baseline import Baseline, Expected, Level
from domain.surge.negative_binomial import log_zero

MONTH = timedelta(days=30)
WINDOWS = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 10, 20, 45, 90, 180))
LONGEST = WINDOWS[-1]
#: Authors below which there is no spike, whatever is usual.
LEAST_COUNT = 5
#: No count within so many standard deviations is rare enough, whatever the budget.
_SURELY_USUAL = 3.0
#: A spike is over when so long no more came than this many standard deviations above the usual.
CALM_WINDOW = timedelta(minutes=30)
_CALM_DEVIATIONS = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many false alarms a month are allowed, over this many series together. Both are above 0."""

    false_alarms: float
    series: int

    def log_threshold(self, window: timedelta) -> float:
        """Return the logarithm of the probability below which a count in such a window is a spike."""
        tests = self.series * len(WINDOWS) * (MONTH / window)
        return math.log(self.false_alarms / tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """A count that is too high: in `window` until now, with the logarithm of its probability.

    `margin` is by how much that is below its threshold.
    """

    window: timedelta
    count: int
    expected: float
    log_p: float
    margin: float


LevelOf = Callable[[datetime], Level]


class Times:
    """When each post of a series came, and by whom, for as long as the longest window."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Iterable[tuple[datetime, str]] = ()) -> None:
        self._entries = sorted((at, author, 0) for at, author in entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, at: datetime, author: str, post: int = 0) -> None:
        """Add a post, with its id; they need not come in order."""
        insort(self._entries, (at, author, post))

    def forget(self, before: datetime) -> None:
        """Forget what came before a moment."""
        del self._entries[: bisect_left(self._entries, (before, "", 0))]

    def reach_beyond(self, moment: datetime) -> bool:
        """Return whether a post came after a moment."""
        return bool(self._entries) and self._entries[-1][0] > moment

    def authors(self, since: datetime, until: datetime) -> int:
        """Count the authors of posts from `since` on, up to and with `until`."""
        return len(self.names(since, until))

    def names(self, since: datetime, until: datetime) -> set[str]:
        """Return the authors of posts from `since` on, up to and with `until`."""
        return {author for _, author, _ in self.between(since, until)}

    def between(self, since: datetime, until: datetime) -> list[tuple[datetime, str, int]]:
        """Return time, author and id of the posts from `since` on, up to and with `until`, oldest first."""
        first = bisect_left(self._entries, (since, "", 0))
        return [entry for entry in self._entries[first:] if entry[0] <= until]

    def authors_in(self, windows: Sequence[timedelta], until: datetime) -> list[int]:
        """Count the authors in each of these windows before `until`, the shortest window first."""
        counts: list[int] = []
        seen: set[str] = set()
        position = len(self._entries) - 1
        for window in windows:
            since = until - window
            while position >= 0 and self._entries[position][0] >= since:
                at, author, _ = self._entries[position]
                if at <= until:
                    seen.add(author)
                position -= 1
            counts.append(len(seen))
        return counts


class Watched:
    """A series as it is tested at `now`: its posts, and what is usual, computed once for each window.

    `level_of` returns the level before a moment: that before a window, which the posts within it did not
    raise. No window begins before `since`.
    """

    __slots__ = ("_baseline", "_expected", "_level_of", "_since", "_windows", "now", "times")

    def __init__(
        self,
        times: Times,
        baseline: Baseline,
        level_of: LevelOf,
        *,
        now: datetime,
        since: datetime | None = None,
    ) -> None:
        self.times = times
        self.now = now
        self._baseline = baseline
        self._level_of = level_of
        self._since = since
        self._expected: dict[timedelta, Expected] = {}
        self._windows: list[tuple[timedelta, int]] | None = None

    def begins(self, window: timedelta) -> bool:
        """Return whether a window may be tested."""
        return self._since is None or self.now - window >= self._since

    def expected(self, window: timedelta) -> Expected:
        """Return what is usual in a window."""
        if (known := self._expected.get(window)) is None:
            begin = self.now - window
            known = self._expected[window] = self._baseline.expected(begin, self.now, self._level_of(begin))
        return known

    def windows(self) -> list[tuple[timedelta, int]]:
        """Return the windows that may be tested and have enough authors, with their number."""
        if self._windows is None:
            counts = self.times.authors_in(WINDOWS, self.now) if len(self.times) >= LEAST_COUNT else []
            self._windows = [
                (window, count)
                for window, count in zip(WINDOWS, counts, strict=False)
                if count >= LEAST_COUNT and self.begins(window)
            ]
        return self._windows


def find_excess(watched: Watched, budget: Budget) -> Excess | None:
    """Return the count that is the most below its threshold, or `None` where none is."""
    best: Excess | None = None
    for window, count in watched.windows():
        expected = watched.expected(window)
        if count <= expected.mean + _SURELY_USUAL * math.sqrt(expected.variance):
            continue
        log_p = expected.log_tail(count)
        margin = budget.log_threshold(window) - log_p
        if margin > (best.margin if best else 0.0):
            best = Excess(window=window, count=count, expected=expected.mean, log_p=log_p, margin=margin)
    return best


def is_calm(times: Times, baseline: Baseline, level: Level, *, now: datetime) -> bool:
    """Return whether what came in the last half hour is usual."""
    expected = baseline.expected(now - CALM_WINDOW, now, level)
    count = times.authors(now - CALM_WINDOW, now)
    return count <= expected.mean + _CALM_DEVIATIONS * math.sqrt(expected.variance) + 1


def silence_log_p(baseline: Baseline, level: Level, *, since: datetime, now: datetime) -> float:
    """Return the logarithm of the probability that nothing comes between two moments."""
    expected = baseline.expected(since, now, level)
    return expected.tail * log_zero(expected.mean, expected.variance)
