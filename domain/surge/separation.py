"""Decide whether what rises while a spike is open comes from another outage, which needs an alert of its own.

Every outage is told in several situations, and its words change while it lasts. So a series is of another
outage only if it says what fails, and if more came in it than the posts of the open spikes bring with them,
even if posts that name what those are about are left out.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.surge.baseline import Expected
from domain.surge.detection import LEAST_COUNT, LONGEST, WINDOWS, Excess
from domain.surge.series import SPECIFIC, Series, SeriesKind
from domain.surge.spikes import Spike
from domain.surge.watch import Finding, SurgeWatch
from domain.triage.features import MAX_READ_LENGTH
from domain.triage.situations import Cues

#: Return the series that the words of posts name, by the ids of those posts of which it is known.
NamedSeries = Callable[[Sequence[int]], Mapping[int, Collection[Series]]]

#: How many posts name what an open spike is about: of those about payments that fail by themselves, at most a
#: tenth has a word of logging in, too; of those that are about the same in other words, half of them or more.
_NAMED_BY_OTHERS, _NAMED_BY_SAME = 0.1, 0.5
#: The logarithm of how much likelier the first must be (a sequential probability ratio test, Wald 1945).
_SURE = math.log(18)
#: Posts whose words are looked at, the newest of a window, for the share that is about something else.
LOOKED_AT = 200
#: The logarithm of the probability below which a count does not come with the open spikes.
SEPARATE_LOG_P = math.log(1e-4)
#: For how long what fails in a spike of rants or questions is said by the first series that does.
UNKNOWN_FOR = timedelta(minutes=15)
#: What is assumed of how many posts in another series come with one of the open spikes: a gamma distribution
#: with this shape, and the mean of a half.
_SHAPE, _RATE = 1.0, 2.0
#: However many posts it is known from, this share changes while an outage lasts, as its words do.
_MOST_SHAPE = 5.0

_Post = tuple[datetime, str, int]


def separate(
    rising: Sequence[Spike],
    findings: Iterable[Finding],
    watch: SurgeWatch,
    named: NamedSeries,
    *,
    now: datetime,
) -> list[Finding]:
    """Return those findings that come from another outage than the open spikes. There is one at least.

    A series that joined an open spike may be among them, the one in which a spike was found is not. What is
    too much is told for the window that tells it best, not for the one in which most came: those of the first
    outage who wrote before would be counted, and the other one seem older than it is.
    """
    if any(_is_unknown(spike, now) for spike in rising):
        return []
    own = frozenset(spike.series for spike in rising)
    since = max(min(spike.since for spike in rising), now - LONGEST)
    joined = {series for spike in rising for series in spike.related if series.is_specific}
    asked = [
        finding
        for finding in findings
        if finding.partner is None and finding.series.is_specific and finding.series not in own
    ]
    found: dict[Series, Finding] = {}
    # What leaves an open spike is nothing that others must not name, so those are tested again.
    while more := {
        finding.series: replace(finding, excess=excess)
        for finding in asked
        if finding.series not in found
        and (
            excess := _Beside(
                finding, own, own | joined - {finding.series, *found}, watch, since, now
            ).separate_excess(named)
        )
        is not None
    }:
        found |= more
    return list(found.values())


def _is_unknown(spike: Spike, now: datetime) -> bool:
    """Return whether what rises now is likely to say what fails in a spike, as nothing else did."""
    return not spike.series.is_specific and now - spike.found_at < UNKNOWN_FOR


def named_series(text: str, language: str, cues: Cues) -> frozenset[Series]:
    """Return the situations that say what fails of which a text has a word, whatever it is about most.

    As elsewhere, the first `MAX_READ_LENGTH` characters are read: a network's posts may have any length.
    """
    meanings = {hit.label.meaning for hit in cues.find(text[:MAX_READ_LENGTH], language)}
    return frozenset(Series(SeriesKind.SITUATION, one.value) for one in SPECIFIC if one in meanings)


def are_apart(apart: int, of: int, *, as_before: float = 0.0, named_before: float = 0.0) -> bool:
    """Return whether posts, of which so many name nothing of the open spikes, are about something else.

    The share `as_before` of them is what came before already, of which `named_before` names the open spikes:
    asked is what those are about that came in addition (a mixture of both).
    """
    by_others, by_same = (
        as_before * named_before + (1 - as_before) * share for share in (_NAMED_BY_OTHERS, _NAMED_BY_SAME)
    )
    for_others = apart * math.log((1 - by_others) / (1 - by_same))
    return for_others + (of - apart) * math.log(by_others / by_same) > _SURE


@dataclass(frozen=True, slots=True)
class _Beside:
    """What was found, and the series in which the open spikes were, since the first of these began.

    `theirs` are those, and the ones that joined them: whoever names one of them is about the same.
    """

    finding: Finding
    alerted: frozenset[Series]
    theirs: frozenset[Series]
    watch: SurgeWatch
    since: datetime
    now: datetime

    def separate_excess(self, named: NamedSeries) -> Excess | None:
        """Return what is too much to come with the spikes, if anything is, for the time since when it is.

        That is the window with the most people who surely do not come with the spikes: one that is longer
        than the other outage has only such in addition who do.
        """
        series = self.finding.series
        alerted = [
            post
            for one in sorted(self.alerted)
            for post in self.watch.posts(one, since=self.since, now=self.now)
        ]
        authors = {author for _, author, _ in alerted}
        own = [
            post
            for post in self.watch.posts(series, since=self.since, now=self.now)
            if post[1] not in authors
        ]
        them, us = _People(alerted), _People(own)
        is_separate, best = False, (0.0, WINDOWS[0])
        for window in WINDOWS:
            begin = self.now - window
            if begin < self.since:
                break
            count = us.after(begin)
            expected = self._with_spikes(us, them, begin)
            if count < LEAST_COUNT or (not is_separate and expected.log_tail(count) >= SEPARATE_LOG_P):
                continue
            newest = [post for _, _, post in own[bisect_left(own, (begin, "", 0)) :][-LOOKED_AT:]]
            names = named(newest[::-1])
            apart = sum(self.theirs.isdisjoint(names[post]) for post in newest if post in names)
            others = round(count * apart / max(1, len(names)))
            if are_apart(apart, len(names)) and expected.log_tail(others) < SEPARATE_LOG_P:
                is_separate = True
            surely = others - expected.mean - math.sqrt(expected.variance)
            best = max(best, (surely, window))
        return self._excess(best[1]) if is_separate else None

    def _excess(self, window: timedelta) -> Excess:
        begin, series = self.now - window, self.finding.series
        count = self.watch.count(series, since=begin, now=self.now)
        usual = self.watch.expected(series, since=begin, now=self.now)
        return replace(
            self.finding.excess,
            window=window,
            count=count,
            expected=usual.mean,
            log_p=usual.log_tail(count),
        )

    def _with_spikes(self, us: "_People", them: "_People", begin: datetime) -> Expected:
        """Return the distribution of how many write in the series because of the spikes, or as usual."""
        series = self.finding.series
        usual = self.watch.expected(series, since=begin, now=self.now)
        shape = _SHAPE + self._above_usual(us.before(begin), [series], self.since, begin)
        rate = _RATE + self._above_usual(them.before(begin), self.alerted, self.since, begin)
        with_them = self._above_usual(them.after(begin), self.alerted, begin, self.now) * shape / rate
        variance = usual.variance + with_them + with_them * with_them / min(shape, _MOST_SHAPE)
        return Expected(mean=usual.mean + with_them, variance=variance, tail=usual.tail)

    def _above_usual(self, count: int, series: Iterable[Series], since: datetime, until: datetime) -> float:
        """Return how many more authors wrote in a period than do usually."""
        if since >= until:
            return 0.0
        usual = sum(self.watch.expected(one, since=since, now=until).mean for one in series)
        return max(0.0, count - usual)


class _People:
    """Counts the authors of posts before and after a moment, without going through the posts again."""

    __slots__ = ("_first", "_last")

    def __init__(self, posts: Iterable[_Post]) -> None:
        first: dict[str, datetime] = {}
        last: dict[str, datetime] = {}
        for at, author, _ in posts:
            first[author] = min(at, first.get(author, at))
            last[author] = max(at, last.get(author, at))
        self._first, self._last = sorted(first.values()), sorted(last.values())

    def before(self, moment: datetime) -> int:
        """Count those who wrote before a moment."""
        return bisect_left(self._first, moment)

    def after(self, moment: datetime) -> int:
        """Count those who wrote at a moment or later."""
        return len(self._last) - bisect_left(self._last, moment)
