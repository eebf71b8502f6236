"""Load a spike as its alert shows it, and what it tells of the outage behind it."""

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from domain.surge.outage_title import prevailing
from domain.surge.series import Arrival, Series, SeriesFinder, SeriesKind
from domain.surge.spikes import LONGEST_DURATION, Spike, SpikeState
from domain.surge.views import SpikeExample, SpikeFacts, SpikeHistory, SpikeReading, SpikeView, chart_period
from handlers.surge.spikes import get_spike
from storage.unit_of_work import UnitOfWork

EXAMPLES = 5
FACTS = 200  # posts that a form for an outage is given


def view_spike(
    uow: UnitOfWork,
    *,
    spike_id: int,
    finder: SeriesFinder,
    network_label: Callable[[str], str],
    now: datetime,
) -> SpikeView:
    """Load a spike with everything that its alert shows. Raises `SpikeGone`."""
    spike = get_spike(uow, spike_id=spike_id)
    rehearsal = uow.rehearsals.current()
    rehearsed_in = rehearsal.channel if rehearsal is not None else None
    if spike.is_silence:
        network = network_label(spike.series.subject)
        return SpikeView(spike=spike, network=network, rehearsal_channel=rehearsed_in)
    since, until, bucket = chart_period(spike, now)
    # The alert names its own series, and what rose with it beside that.
    arrivals = _arrivals(uow, {spike.series}, finder, since=since, until=until)
    last = spike.ended_at or now
    own = _newest_by_author([one for one in arrivals if spike.since <= one.at <= last])
    reading = _reading(spike, own, at=last)
    if not own:  # its component is in the settings no more: only what rose beside it can be read
        arrivals = _arrivals(uow, set(spike.related), finder, since=since, until=until)
        own = _newest_by_author([one for one in arrivals if spike.since <= one.at <= last])
    return SpikeView(
        spike=spike,
        examples=_examples(uow, own),
        reading=reading,
        history=SpikeHistory(
            since=since,
            bucket=bucket,
            counts=_counts(arrivals, since, until, bucket),
            usual=spike.expected * (bucket / spike.window),
        ),
        outage=uow.outages.get(spike.outage_id) if spike.outage_id is not None else None,
        beside=_beside(uow, spike),
        rehearsal_channel=rehearsed_in,
    )


def _beside(uow: UnitOfWork, spike: Spike) -> tuple[Spike, ...]:
    """Return the spikes that were open when this one was found, unless they are no outage."""
    return tuple(
        one
        for one in uow.spikes.since(spike.found_at - LONGEST_DURATION)
        if one.id < spike.id
        and not one.is_silence
        and one.state is not SpikeState.DISMISSED
        and (one.ended_at is None or one.ended_at > spike.found_at)
    )


def _reading(spike: Spike, own: Sequence[Arrival], *, at: datetime) -> SpikeReading | None:
    """Return what these posts say, one of each author; `None` where there are none."""
    if not own:
        return None
    period = at - spike.since
    return SpikeReading(
        at=at,
        period=period,
        people=len(own),
        usual=spike.expected * (period / spike.window),
        languages=tuple(Counter(one.language for one in own).most_common()),
    )


def spike_facts(uow: UnitOfWork, *, spike_id: int, finder: SeriesFinder, now: datetime) -> SpikeFacts:
    """Return what a spike tells of the outage behind it, for a form. Raises `SpikeGone`."""
    spike = get_spike(uow, spike_id=spike_id)
    newest = spike_posts(uow, spike, finder, now=now)
    found = Counter(series for one in newest for series in set(finder.find(one)))
    # The one that most of them name: what rose first beside it may be named by a few.
    ordered = sorted(spike.all_series, key=lambda one: found[one])
    subjects = {series.kind: series.subject for series in ordered} | {spike.series.kind: spike.series.subject}
    # As in the alert: what rose beside it may be about something else.
    own = sorted(newest, key=lambda one: spike.series not in finder.find(one))
    texts = (uow.messages.get(one.id) for one in own[:EXAMPLES])
    return SpikeFacts(
        spike_id=spike.id,
        component=subjects.get(SeriesKind.COMPONENT),
        prevailing=prevailing(newest, spike.all_series, finder),
        texts=tuple(message.text for message in texts if message.deleted_at is None),
    )


def spike_posts(uow: UnitOfWork, spike: Spike, finder: SeriesFinder, *, now: datetime) -> list[Arrival]:
    """Return the newest post of each author in the spike, the newest `FACTS` of them."""
    found = _arrivals(uow, set(spike.all_series), finder, since=spike.since, until=spike.ended_at or now)
    return _newest_by_author(found)[:FACTS]


def _arrivals(
    uow: UnitOfWork, own: AbstractSet[Series], finder: SeriesFinder, *, since: datetime, until: datetime
) -> list[Arrival]:
    """Return the posts of a period in these series, oldest first."""
    return [one for one in uow.arrivals.between(since, until) if not own.isdisjoint(finder.find(one))]


def _newest_by_author(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Return the newest post of each author, newest first."""
    newest = {one.author: one for one in arrivals}
    return sorted(newest.values(), key=lambda one: (one.at, one.id), reverse=True)


def _examples(uow: UnitOfWork, arrivals: Sequence[Arrival]) -> tuple[SpikeExample, ...]:
    examples: list[SpikeExample] = []
    for arrival in arrivals:
        message = uow.messages.get(arrival.id)
        if message.deleted_at is None:
            examples.append(SpikeExample(case=uow.cases.get(arrival.case_id), message=message))
        if len(examples) == EXAMPLES:
            break
    return tuple(examples)


def _counts(
    arrivals: Sequence[Arrival], since: datetime, until: datetime, bucket: timedelta
) -> tuple[int, ...]:
    authors: list[set[str]] = [set() for _ in range(round((until - since) / bucket))]
    for arrival in arrivals:
        authors[min((arrival.at - since) // bucket, len(authors) - 1)].add(arrival.author)
    return tuple(len(found) for found in authors)
