"""Watch the series of a desk: keep the posts of the last hours in memory, and test those with a new one.

All of it can be rebuilt from what is stored. A probability can only fall when a post comes, so that a test
costs something for each post and nothing for time.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from domain.outages.policy import Component
from domain.surge.baseline import HOUR, Baseline, Expected, Level, fit, hour_number, levels_before
from domain.surge.detection import (
    CALM_WINDOW,
    LONGEST,
    Budget,
    Excess,
    Times,
    Watched,
    find_excess,
    is_calm,
    silence_log_p,
)
from domain.surge.pairs import find_pair
from domain.surge.series import Arrival, Counts, Series, SeriesFinder, SeriesKind

FIT_EVERY = 24  # hours; every hour on the first day
SILENCE_LOG_P = -13.8  # a probability of one in a million
LEAST_SILENCE = timedelta(minutes=30)
_SHARE_OF_PAIRS = 0.5  # of the false alarms
_UNKNOWN = fit({}, until=0)
_NO_TIMES = Times()
_LEVELS = math.ceil(LONGEST / HOUR) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A series in which too much came; together with another one where only both are rare enough."""

    series: Series
    excess: Excess
    partner: Series | None = None


class SurgeWatch:
    """What came lately and what is usual, for all series of a desk."""

    def __init__(self, *, false_alarms: float, components: Sequence[Component]) -> None:
        self.finder = SeriesFinder(components)
        counted = self.finder.counted()
        alone = false_alarms * (1 - _SHARE_OF_PAIRS)
        self._budget = Budget(false_alarms=alone, series=len(counted))
        self._pair_budget = Budget(
            false_alarms=false_alarms * _SHARE_OF_PAIRS,
            series=sum(one < other and _may_pair(one, other) for one in counted for other in counted),
        )
        self._times: dict[Series, Times] = {}
        self._new: set[Series] = set()
        self._seen: dict[int, datetime] = {}
        #: The series that the words of posts name, by id, as far as they were read.
        self.named: dict[int, frozenset[Series]] = {}
        self._baselines: dict[str, Baseline] = {}
        self._levels: dict[str, list[Level]] = {}
        self._hour = 0
        self._fitted_at: int | None = None

    def learn(self, histories: Mapping[str, Counts], *, hour: int) -> None:
        """Take the counts of the hours before `hour`, by series key: for the levels, and daily for the rest.

        Takes milliseconds for each series.
        """
        known = max((hour - min(counts, default=hour) for counts in histories.values()), default=0)
        if self._fitted_at is None or known < FIT_EVERY or hour - self._fitted_at >= FIT_EVERY:
            self._baselines = {key: fit(counts, until=hour) for key, counts in histories.items()}
            self._fitted_at = hour
        self._levels = {
            key: levels_before(
                self._baselines.get(key, _UNKNOWN),
                counts,
                hour=_level_hour(key, counts, hour),
                many=_LEVELS if Series.of(key).kind is not SeriesKind.NETWORK else 1,
            )
            for key, counts in histories.items()
        }
        self._hour = hour

    def add(self, arrivals: Iterable[Arrival]) -> None:
        """Take posts that came; those that are known already, by id, are left out."""
        for arrival in arrivals:
            if arrival.id in self._seen:
                continue
            self._seen[arrival.id] = arrival.at
            for series in self.finder.find(arrival):
                self._times.setdefault(series, Times()).add(arrival.at, arrival.author, arrival.id)
                self._new.add(series)

    def forget(self, now: datetime) -> None:
        """Forget the posts that are older than the longest window."""
        before = now - LONGEST
        self._seen = {number: at for number, at in self._seen.items() if at >= before}
        self.named = {number: names for number, names in self.named.items() if number in self._seen}
        for series, times in list(self._times.items()):
            times.forget(before)
            if not times:
                del self._times[series]

    def findings(
        self, *, now: datetime, since: Mapping[str, datetime], required: Mapping[str, float]
    ) -> list[Finding]:
        """Test the series with new posts; return those with too many, the clearest first.

        `since` has by series key when its last spike ended, before which no window begins; `required` the
        logarithm that a probability must also be below, where people said that more was no outage. What is
        found only together with another series comes last.
        """
        found = []
        looks: dict[Series, Watched] = {}

        def look_at(series: Series) -> Watched:
            if (known := looks.get(series)) is None:
                known = looks[series] = self._watched(series, now, since)
            return known

        for series in self._new:
            if series.kind is SeriesKind.NETWORK:
                continue
            key = series.history_key
            excess = find_excess(look_at(series), self._budget)
            if excess is None and (pair := self._find_pair(series, look_at)) is not None:
                partner, both = pair
                if both.log_p < min(required.get(key, 0.0), required.get(partner.history_key, 0.0)):
                    found.append(Finding(series=series, excess=both, partner=partner))
            elif excess is not None and excess.log_p < required.get(key, 0.0):
                found.append(Finding(series=series, excess=excess))
        return sorted(
            found, key=lambda finding: (finding.partner is not None, -finding.excess.margin, finding.series)
        )

    def _find_pair(
        self, series: Series, look_at: Callable[[Series], Watched]
    ) -> tuple[Series, Excess] | None:
        """Test a situation together with each other one."""
        if series.kind is not SeriesKind.SITUATION:
            return None

        def partners() -> dict[Series, Watched]:
            return {other: look_at(other) for other in sorted(self._times) if _may_pair(series, other)}

        return find_pair(look_at(series), partners, self._pair_budget)

    def _watched(self, series: Series, now: datetime, since: Mapping[str, datetime]) -> Watched:
        key = series.history_key
        return Watched(
            self._times.get(series, _NO_TIMES),
            self._baseline(key),
            partial(self._level, key),
            now=now,
            since=since.get(series.key),
        )

    def tested(self, *, now: datetime) -> None:
        """Test no series again before another post comes in it, unless some are later than `now`.

        They came during the test, or by a clock that is ahead of ours, and were not counted.
        """
        self._new = {one for one in self._new if self._times.get(one, _NO_TIMES).reach_beyond(now)}

    def posts(self, series: Series, *, since: datetime, now: datetime) -> list[tuple[datetime, str, int]]:
        """Return time, author and id of the posts in a series, oldest first."""
        return self._times.get(series, _NO_TIMES).between(since, now)

    def count(self, series: Series, *, since: datetime, now: datetime) -> int:
        """Count the authors in a series."""
        return self._times.get(series, _NO_TIMES).authors(since, now)

    def largest_conversation(self, people: AbstractSet[str], *, since: datetime, now: datetime) -> set[str]:
        """Return those of some people who answered or quoted one post: the post that most of them did."""
        of_posts = (
            times.names(since, now) & people
            for series, times in self._times.items()
            if series.kind is SeriesKind.CONVERSATION and times.reach_beyond(since)
        )
        return max(of_posts, key=len, default=set())

    def expected(self, series: Series, *, since: datetime, now: datetime) -> Expected:
        """Return what is usual for a series between two moments."""
        key = series.history_key
        return self._baseline(key).expected(since, now, self._level(key, since))

    def is_calm(self, series: Series, *, now: datetime) -> bool:
        """Return whether no more came in the series lately than is usual."""
        key = series.history_key
        return is_calm(
            self._times.get(series, _NO_TIMES),
            self._baseline(key),
            self._level(key, now - CALM_WINDOW),
            now=now,
        )

    def is_silent(self, network: str, *, since: datetime, now: datetime) -> bool:
        """Return whether it is all but impossible that nothing came from a network since then."""
        if now - since < LEAST_SILENCE:
            return False
        key = Series(SeriesKind.NETWORK, network).key
        baseline = self._baselines.get(key)
        return baseline is not None and (
            silence_log_p(baseline, self._level(key, since), since=since, now=now) < SILENCE_LOG_P
        )

    def _baseline(self, key: str) -> Baseline:
        return self._baselines.get(key, _UNKNOWN)

    def _level(self, key: str, at: datetime) -> Level:
        """Return the level before the hour of a moment: what is tested from then on must not raise it."""
        levels = self._levels.get(key, [Level()])
        return levels[min(max(0, self._hour - hour_number(at)), len(levels) - 1)]


def _may_pair(one: Series, other: Series) -> bool:
    """Return whether two series are tested together: two situations, one of which says what is wrong."""
    are_situations = one.kind is other.kind is SeriesKind.SITUATION
    return are_situations and one != other and (one.is_telling or other.is_telling)


def _level_hour(key: str, counts: Counts, hour: int) -> int:
    """Return the hour before which the level is taken: silence must not make itself usual."""
    if Series.of(key).kind is not SeriesKind.NETWORK:
        return hour
    return max((past for past, count in counts.items() if count and past < hour), default=hour - 1) + 1


def hours_between(since: datetime, until: datetime) -> range:
    """Return the numbers of the hours that a period touches."""
    return range(hour_number(since), hour_number(until) + 1)
