"""Find a rise while a spike is open that may be another outage, although its posts do not say what fails.

Reports of an outage, refunds and other posts come with any outage, and fall with it. Where many more people
write such posts than a few minutes ago, and those who say what fails do not, it may be another one. Beside an
outage that is told in such posts alone, nothing tells another one from word that spreads of the first.
"""

import math
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from domain.surge.detection import LONGEST
from domain.surge.separation import LOOKED_AT, NamedSeries, are_apart
from domain.surge.series import SPECIFIC, UNWATCHED, Series, SeriesKind
from domain.surge.spikes import Spike, is_beside
from domain.surge.watch import Finding, SurgeWatch
from domain.triage.situations import Situation

#: People of so long are compared with those of as long before.
WINDOW = timedelta(minutes=10)
#: How long a spike has an alert before a rise is looked for: the outage itself grows at first.
OPEN_FOR = timedelta(minutes=20)
#: Standard deviations of the difference of two Poisson counts by which more people must write, and by which
#: no more may who say what fails.
_RISE, _FIRST_RISES = 3.2, 0.5
#: How many of the people who are more must be more in the one series: word that spreads is told in several.
_LEAST_SHARE = 0.45
#: How many may have written in the series before, by how many wrote about the open spike: else it is its own.
_MOST_BEFORE, _MOST_BEFORE_PER_PERSON = 2, 0.5

#: Posts that are assumed to name the open spike, and as many that do not, before any are known (Jeffreys).
_NAMING_PRIOR = 0.5

_SITUATIONS = tuple(Series(SeriesKind.SITUATION, one.value) for one in Situation if one not in UNWATCHED)
_UNSPECIFIC = frozenset(
    Series(SeriesKind.SITUATION, one.value)
    for one in (Situation.OUTAGE_REPORT, Situation.REFUND, Situation.OTHER)
)
_SPECIFIC = frozenset(Series(SeriesKind.SITUATION, one.value) for one in SPECIFIC)


def find_rise(
    rising: Sequence[Spike],
    over: Collection[Spike],
    findings: Sequence[Finding],
    watch: SurgeWatch,
    named: NamedSeries,
    *,
    now: datetime,
) -> Finding | None:
    """Return the clearest rise that may be another outage than the open spike, told for the last minutes.

    `rising` are the open spikes, `over` those that were found before and are not open any more. There is
    one such rise for each spike at most, none where it was told beside another one or does not say what
    fails, and none once it goes on for as long as posts are remembered: who wrote about it before could not
    be told any more.
    """
    if len(rising) != 1 or not _may_have_rise(spike := rising[0], over, now):
        return None
    asked = [
        finding
        for finding in findings
        if finding.partner is None and finding.series in _UNSPECIFIC and finding.series != spike.series
    ]
    found = [(people, one) for one in asked if (people := _rise(one.series, spike, watch, named, now))]
    if not found:
        return None
    _, clearest = max(found, key=lambda pair: pair[0])
    return _counted_in_window(clearest, watch, now)


def _may_have_rise(spike: Spike, over: Collection[Spike], now: datetime) -> bool:
    is_new_enough = now - spike.found_at >= OPEN_FOR and now - spike.since <= LONGEST
    says_what_fails = any(one.is_specific for one in spike.all_series)
    return (
        is_new_enough
        and says_what_fails
        and not any(
            one.found_at >= spike.found_at or is_beside(one, spike) for one in over if not one.is_silence
        )
    )


def _rise(series: Series, spike: Spike, watch: SurgeWatch, named: NamedSeries, now: datetime) -> int:
    """Return by how many more people wrote in a series, 0 where that is no outage of its own."""
    begin = now - WINDOW
    theirs = frozenset(one for one in spike.all_series if one.is_specific)
    now_in = watch.count(series, since=begin, now=now)
    before_in = watch.count(series, since=begin - WINDOW, now=begin)
    if not _is_rise(now_in, before_in):
        return 0
    them = sorted({spike.series, *theirs, *_SPECIFIC})
    their_now, their_before = (
        len(_people(watch, them, since, since + WINDOW)) for since in (begin, begin - WINDOW)
    )
    if their_now - their_before > _FIRST_RISES * math.sqrt(their_now + their_before):
        return 0
    if before_in > _MOST_BEFORE + _MOST_BEFORE_PER_PERSON * their_before:
        return 0
    others = sum(
        max(0, watch.count(one, since=begin, now=now) - watch.count(one, since=begin - WINDOW, now=begin))
        for one in _SITUATIONS
        if one != series
    )
    if now_in - before_in < _LEAST_SHARE * (now_in - before_in + others):
        return 0
    new = _people(watch, [series], begin, now)
    new -= _people(watch, [*_SITUATIONS, spike.series], max(spike.since, now - LONGEST), begin)
    new -= watch.largest_conversation(new, since=begin, now=now)
    if not _is_rise(len(new), before_in) or not _is_apart(series, theirs, watch, named, now):
        return 0
    return len(new) - before_in


def _is_rise(count: int, before: int) -> bool:
    return count - before > _RISE * math.sqrt(count + before)


def _people(watch: SurgeWatch, series: Sequence[Series], since: datetime, until: datetime) -> set[str]:
    return {author for one in series for _, author, _ in watch.posts(one, since=since, now=until)}


def _is_apart(
    series: Series, theirs: AbstractSet[Series], watch: SurgeWatch, named: NamedSeries, now: datetime
) -> bool:
    """Return whether the words of those posts that came in addition name nothing of the open spike.

    As many as before still come because of the open spike, and name it as often as they did.
    """
    begin = now - WINDOW
    apart, of = _naming_nothing(series, theirs, watch, named, until=now)
    apart_before, of_before = _naming_nothing(series, theirs, watch, named, until=begin)
    before = watch.count(series, since=begin - WINDOW, now=begin)
    return are_apart(
        apart,
        of,
        as_before=before / watch.count(series, since=begin, now=now),
        named_before=(of_before - apart_before + _NAMING_PRIOR) / (of_before + 2 * _NAMING_PRIOR),
    )


def _naming_nothing(
    series: Series,
    theirs: AbstractSet[Series],
    watch: SurgeWatch,
    named: NamedSeries,
    *,
    until: datetime,
) -> tuple[int, int]:
    """Return how many of the newest posts name nothing of the open spike, and of how many that is known."""
    newest = [post for _, _, post in watch.posts(series, since=until - WINDOW, now=until)][-LOOKED_AT:]
    names = named(newest[::-1])
    return sum(theirs.isdisjoint(named_in) for named_in in names.values()), len(names)


def _counted_in_window(finding: Finding, watch: SurgeWatch, now: datetime) -> Finding:
    begin = now - WINDOW
    count = watch.count(finding.series, since=begin, now=now)
    usual = watch.expected(finding.series, since=begin, now=now)
    excess = replace(
        finding.excess, window=WINDOW, count=count, expected=usual.mean, log_p=usual.log_tail(count)
    )
    return replace(finding, excess=excess)
