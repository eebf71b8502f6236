"""Say from which outage a spike comes: its cases are proposed, once, and everybody sees who said so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.delivery.surge_effects import UpdateSpike
from domain.errors import Refused
from domain.intake.posts import Author
from domain.outages.lifecycle import OutageOpened
from domain.outages.links import LinkReason
from domain.outages.notices import NoticeKind
from domain.outages.outage import Phase
from domain.records.audit import Action
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike
from domain.triage.situations import Situation
from handlers.outages.spikes import attribute_spike, known_before, known_outages, save_form_of_spike
from handlers.surge.spikes import SpikeGone
from storage.engine import Store
from tests.handlers.made import NOW, SAM, a_post, arrive, cases, do, queued
from tests.handlers.outages.made import (
    MIA_MAY,
    SAM_MAY,
    ListDestination,
    a_notice,
    an_outage,
    content,
    destinations,
    links_of,
    sent,
)
from tests.handlers.outages.test_drafting import FORM, RULES
from tests.handlers.surge.made import FINDER, customer_posts, detect, spikes_of, watch_of

WHERE = destinations(page=ListDestination())


def a_spike(store: Store) -> Spike:
    arrive(store, *customer_posts(20))
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    return spike


def attribute(store: Store, spike_id: int, outage_id: int) -> None:
    do(
        store,
        attribute_spike,
        spike_id=spike_id,
        outage_id=outage_id,
        finder=FINDER,
        user_id=SAM,
        now=NOW + timedelta(minutes=1),
    )


def test_the_posts_of_the_spike_are_proposed_for_its_outage_once(store: Store) -> None:
    spike, (outage, _) = a_spike(store), an_outage(store)
    assert [one.id for one in do(store, known_outages, spike_id=spike.id)] == [outage.id]
    attribute(store, spike.id, outage.id)
    attribute(store, spike.id, outage.id)
    links = links_of(store, outage.id)
    assert len({case.id for _, case in links}) == 20
    [(reasons, words)] = {
        (tuple(one.reason for one in link.evidence), link.evidence[0].words) for link, _ in links
    }
    assert (reasons, words) == ((LinkReason.COMPONENT, LinkReason.SITUATION), ("Payments",))
    [known] = spikes_of(store)
    assert (known.outage_id, known.attributed_by) == (outage.id, SAM)
    with store.unit_of_work() as uow:
        actions = [(entry.action, entry.actor) for entry in uow.audit.of_outage(outage.id)]
    assert actions.count((Action.SPIKE_ATTRIBUTED, SAM)) == 1
    assert queued(store, UpdateSpike.kind)


def test_who_is_in_danger_by_something_else_is_not_proposed_for_it(store: Store) -> None:
    spike, (outage, _) = a_spike(store), an_outage(store)
    danger = Series(SeriesKind.SITUATION, Situation.SAFETY_OR_LEGAL.value)
    arrive(
        store,
        *(
            a_post(str(number), text, created_at=NOW, author=Author(id=name, handle=name, name=name))
            for number, name, text in (
                (77, "zoe", "@acme your charger is on fire and smells of burning"),
                (78, "ben", "@acme since the payment your charger is on fire and smells of burning"),
            )
        ),
    )
    with store.unit_of_work() as uow:
        uow.spikes.save(replace(spike, related=(danger,)))
    stored = {case.author.id: case for case in cases(store)}
    assert {stored[name].assessment.situation for name in ("zoe", "ben")} == {Situation.SAFETY_OR_LEGAL}
    attribute(store, spike.id, outage.id)
    proposed = {case.author.id for _, case in links_of(store, outage.id)}
    assert ("zoe" in proposed, "ben" in proposed) == (False, True)
    assert len(proposed) == 21


def test_two_who_open_an_outage_from_one_spike_open_one(store: Store) -> None:
    spike = a_spike(store)
    assert do(store, known_before, spike_id=spike.id) == (0, None)
    given: dict[str, Any] = {"rules": RULES, "finder": FINDER, "now": NOW}
    by_sam = replace(FORM, spike_id=spike.id)
    by_mia = replace(by_sam, key="form-2", title="Cards fail")
    notice = do(store, save_form_of_spike, by_sam, actor=SAM_MAY, **given)
    with pytest.raises(OutageOpened) as refused:
        do(store, save_form_of_spike, by_mia, actor=MIA_MAY, **given)
    assert refused.value.outage.id == notice.outage_id
    newest, outage = do(store, known_before, spike_id=spike.id)
    assert outage is not None
    assert (newest, outage.id) == (notice.outage_id, notice.outage_id)
    assert do(store, known_before, spike_id=spike.id + 1) == (newest, None), "it was deleted"
    deliberately = replace(by_mia, newest_outage=newest)
    other = do(store, save_form_of_spike, deliberately, actor=MIA_MAY, **given)
    assert other.outage_id != notice.outage_id


def test_an_outage_that_is_over_is_not_taken(store: Store) -> None:
    spike, (outage, notice) = a_spike(store), an_outage(store)
    sent(store, notice, WHERE)
    resolution = a_notice(
        store, outage.id, NoticeKind.RESOLUTION, content("It works again.", phase=Phase.RESOLVED)
    )
    sent(store, resolution, WHERE)
    with pytest.raises(Refused):
        attribute(store, spike.id, outage.id)
    with pytest.raises(Refused):
        do(store, known_outages, spike_id=spike.id)
    with pytest.raises(SpikeGone):
        do(store, known_outages, spike_id=spike.id + 1)
