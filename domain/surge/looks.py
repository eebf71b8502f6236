"""Decide at each look which spikes go on, which are over, and whether one more begins."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.surge.rises import find_rise
from domain.surge.separation import NamedSeries, separate
from domain.surge.series import Series
from domain.surge.spikes import Spike, follow, open_spike
from domain.surge.watch import Finding, SurgeWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look found: each open spike before and after it, and a new one if there is any."""

    followed: tuple[tuple[Spike, Spike], ...]
    opened: Spike | None


def look(
    spikes: Iterable[Spike],
    findings: Sequence[Finding],
    watch: SurgeWatch,
    named: NamedSeries,
    *,
    now: datetime,
    over: Collection[Spike] = (),
) -> Look:
    """Follow the open spikes and silences, and open another spike for what is not part of them.

    What rises beside an open spike belongs to it, unless it comes from another outage. `over` are spikes that
    were found before and are not open any more.
    """
    known = list(spikes)
    rising = [spike for spike in known if not spike.is_silence]
    new = separate(rising, findings, watch, named, now=now) if rising else list(findings)
    leaving = {finding.series for finding in new}
    rest = [finding for finding in findings if finding.series not in leaving]
    if not new and (rise := find_rise(rising, over, findings, watch, named, now=now)) is not None:
        # What else rises may be said of the first by the same people, so nothing belongs to it yet.
        new, leaving = [rise], {rise.series}
        rest = [finding for finding in findings if finding.series != rise.series]
    elif new:
        new += [finding for finding in rest if not any(finding.series in one.all_series for one in rising)]
    followed = []
    for spike in known:
        own = [one for one in rest if one not in new and _owner(one.series, rising) == spike]
        followed.append((spike, follow(_without(spike, leaving), watch, own, now=now)))
    return Look(followed=tuple(followed), opened=open_spike(new, now=now) if new else None)


def _without(spike: Spike, leaving: Collection[Series]) -> Spike:
    """Return the spike without related series; if there are any, all its cases have to be found anew."""
    related = tuple(one for one in spike.related if one not in leaving)
    return replace(spike, related=related, compared_id=0) if related != spike.related else spike


def _owner(series: Series, rising: Sequence[Spike]) -> Spike | None:
    """Return the spike that a series belongs to: the newest one where it is new."""
    has = [spike for spike in rising if series in spike.all_series]
    return next(iter(has), rising[-1] if rising else None)
