"""Take the hours of past outages and spikes out of counts: they do not tell what is usual."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from domain.outages.outage import Outage, OutageKind, OutageState
from domain.surge.spikes import Spike, SpikeState
from domain.surge.watch import hours_between

#: Customers write before anybody has opened an outage, and after it is resolved.
AROUND = timedelta(hours=1)
#: What lasts longer is usual.
LONGEST = timedelta(hours=48)


def without_outages(
    counts: Mapping[int, int], outages: Iterable[Outage], spikes: Iterable[Spike], *, now: datetime
) -> dict[int, int]:
    """Return the counts, by the number of their hour, without the hours of outages and spikes.

    What was cancelled, rehearsed, or dismissed as no outage stays.
    """
    left_out = {
        hour
        for begins, ends in (*_of_outages(outages, now), *_of_spikes(spikes, now))
        for hour in hours_between(begins, min(ends, begins + LONGEST))
    }
    return {hour: count for hour, count in counts.items() if hour not in left_out}


def _of_outages(outages: Iterable[Outage], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    for outage in outages:
        if outage.is_rehearsal or outage.state not in {OutageState.ANNOUNCED, OutageState.RESOLVED}:
            continue
        if outage.kind is OutageKind.MAINTENANCE:
            begins, ends = outage.starts_at or outage.opened_at, outage.ends_at or now
        else:
            begins, ends = outage.opened_at, now
        yield begins - AROUND, (outage.resolved_at or ends) + AROUND


def _of_spikes(spikes: Iterable[Spike], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    for spike in spikes:
        if spike.state is not SpikeState.DISMISSED:
            yield spike.since, spike.ended_at or now
