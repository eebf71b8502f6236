"""Say which outage a spike comes from: a new one that is opened from its alert, or one that is known."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from domain.cases.case import CLOSED
from domain.delivery.surge_effects import UpdateSpike
from domain.errors import Refused
from domain.outages.forms import OutageForm
from domain.outages.lifecycle import Actor
from domain.outages.links import Evidence, Link, LinkReason, LinkState
from domain.outages.notices import Notice
from domain.outages.outage import Outage
from domain.records.audit import Action
from domain.surge.series import UNWATCHED, Arrival, SeriesFinder
from domain.triage.situations import Situation
from handlers.outages.drafting import DraftRules, save_form
from handlers.outages.lookup import get_outage
from handlers.outages.trail import record
from handlers.surge.spikes import SpikeGone, get_spike
from handlers.surge.views import spike_posts
from storage.unit_of_work import UnitOfWork

#: How sure it is that a post of the spike belongs to the outage that the spike comes from.
CERTAINTY = 0.7


def known_outages(uow: UnitOfWork, *, spike_id: int) -> list[Outage]:
    """Return the open outages that the spike may come from, the newest first.

    Raises `SpikeGone`, and `Refused` where none is open.
    """
    get_spike(uow, spike_id=spike_id)
    if not (outages := uow.outages.open()):
        raise Refused("Nothing was done: no outage is open. Press “Open an outage…” to open one.")
    return outages


def known_before(uow: UnitOfWork, *, spike_id: int | None) -> tuple[int, Outage | None]:
    """Return the id of the newest open outage, 0 without one, and the open outage of the spike."""
    newest = max((outage.id for outage in uow.outages.open()), default=0)
    try:
        spike = get_spike(uow, spike_id=spike_id) if spike_id is not None else None
    except SpikeGone:
        return newest, None
    outage = uow.outages.get(spike.outage_id) if spike is not None and spike.outage_id is not None else None
    return newest, outage if outage is not None and outage.is_open else None


def save_form_of_spike(
    uow: UnitOfWork, form: OutageForm, *, rules: DraftRules, finder: SeriesFinder, actor: Actor, now: datetime
) -> Notice:
    """Save the form as `save_form` does; where it was opened from a spike, that comes from the outage.

    The spike is locked first, so that two who open an outage from it are one after the other.
    """
    if form.spike_id is not None:
        with suppress(SpikeGone):
            get_spike(uow, spike_id=form.spike_id)
    notice = save_form(uow, form, rules=rules, actor=actor, now=now)
    if form.spike_id is not None:
        try:
            _attribute(uow, form.spike_id, uow.outages.get(notice.outage_id), finder, actor.user_id, now)
        except SpikeGone:  # so old that it was deleted; the outage counts
            return notice
    return notice


def attribute_spike(
    uow: UnitOfWork, *, spike_id: int, outage_id: int, finder: SeriesFinder, user_id: str, now: datetime
) -> Outage:
    """Record that the spike comes from an open outage, and propose the link of its cases to it.

    Raises `SpikeGone`, and `Refused` where the outage is over.
    """
    outage = get_outage(uow, outage_id)
    if not outage.is_open:
        raise Refused("Nothing was done: this outage is over. Choose one that is open, or open another.")
    _attribute(uow, spike_id, outage, finder, user_id, now)
    return outage


def _attribute(
    uow: UnitOfWork, spike_id: int, outage: Outage, finder: SeriesFinder, user_id: str, now: datetime
) -> None:
    spike = get_spike(uow, spike_id=spike_id)
    if spike.outage_id == outage.id:
        return
    uow.spikes.save(replace(spike, outage_id=outage.id, attributed_by=user_id))
    posts = [
        one
        for one in spike_posts(uow, spike, finder, now=now)
        if one.situation not in UNWATCHED and not _is_danger_of_its_own(one, outage, finder)
    ]
    uow.outage_links.propose([_link(one, outage, finder, now) for one in posts if _is_active(uow, one)])
    detail = {"spike": spike.id, "series": [series.key for series in spike.all_series]}
    record(uow, outage, actor=user_id, action=Action.SPIKE_ATTRIBUTED, now=now, detail=detail)
    uow.outbox.add([UpdateSpike(spike.id)], now=now)


def _is_danger_of_its_own(post: Arrival, outage: Outage, finder: SeriesFinder) -> bool:
    """Return whether somebody is in danger, and not by what is out: more of them may write meanwhile, too."""
    is_danger = post.situation == Situation.SAFETY_OR_LEGAL
    return is_danger and not set(finder.components_in(post.words)) & set(outage.components)


def _is_active(uow: UnitOfWork, post: Arrival) -> bool:
    return uow.cases.get(post.case_id).state not in CLOSED


def _link(post: Arrival, outage: Outage, finder: SeriesFinder, now: datetime) -> Link:
    named = tuple(name for name in finder.components_in(post.words) if name in outage.components)
    evidence = [Evidence(reason=LinkReason.SITUATION)]
    if named:
        evidence.insert(0, Evidence(reason=LinkReason.COMPONENT, words=named))
    return Link(
        outage_id=outage.id,
        case_id=post.case_id,
        message_id=post.id,
        state=LinkState.PROPOSED,
        certainty=CERTAINTY,
        evidence=tuple(evidence),
        reported_at=post.at,
        proposed_at=now,
    )
