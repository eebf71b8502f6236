"""Find the cases of spikes, so that they can be gathered before an outage is announced."""

from dataclasses import replace
from datetime import datetime

from domain.surge.baseline import HOUR
from domain.surge.series import UNWATCHED, SeriesFinder
from domain.surge.spikes import LONGEST_DURATION, Spike, is_beside, is_rise
from handlers.surge.counting import ARRIVALS_IN_A_BATCH, UNCOMMITTED
from handlers.surge.spikes import get_spike
from storage.unit_of_work import UnitOfWork


def join_spikes(uow: UnitOfWork, *, finder: SeriesFinder, now: datetime) -> bool:
    """Compare new posts with the spikes that gather cases; return whether there are more to compare."""
    spikes = [get_spike(uow, spike_id=spike_id) for spike_id in uow.spikes.cases.gathering()]
    more = [_join(uow, spike, finder, now) for spike in spikes if spike.telling_series]
    return any(more)


def _join(uow: UnitOfWork, spike: Spike, finder: SeriesFinder, now: datetime) -> bool:
    series = set(spike.telling_series)
    newest, is_last = uow.arrivals.last_id(), True
    if spike.compared_id:
        # Once more what came just before: of two transactions, that with the lower ids may commit later.
        posts = uow.arrivals.after(max(0, spike.compared_id - UNCOMMITTED), limit=ARRIVALS_IN_A_BATCH)
        is_last = len(posts) < ARRIVALS_IN_A_BATCH
        newest = newest if is_last else posts[-1].id
    else:
        posts = list(uow.arrivals.between(spike.since, now + HOUR))
    found: dict[int, int] = {}
    for post in posts:
        if (
            post.at >= spike.since
            and post.situation not in UNWATCHED
            and not series.isdisjoint(finder.find(post))
        ):
            found[post.case_id] = min(post.id, found.get(post.case_id, post.id))
    if not spike.compared_id:  # all its posts were compared: what is not found was in a series that left it
        younger = (
            one for one in uow.spikes.since(spike.found_at) if one.id > spike.id and not one.is_silence
        )
        began = min((one.since for one in younger), default=now)
        before = {post.case_id for post in posts if post.at < began}
        uow.spikes.cases.keep(spike.id, found.keys() | before)
    known = uow.spikes.since(spike.found_at - LONGEST_DURATION)
    if is_rise(spike, known):  # those who wrote about the first go on to be its cases, whatever they say
        first = [one for one in known if one.id < spike.id and is_beside(one, spike)]
        earlier = {case_id for one in first for case_id in uow.spikes.cases.of(one.id)}
        found = {case_id: message for case_id, message in found.items() if case_id not in earlier}
    uow.spikes.cases.add_many(spike.id, found, now=now)
    uow.spikes.save(replace(spike, compared_id=newest))
    return not is_last
