"""Decide about an announcement that may not be there while an update waits for it."""

import pytest

from domain.delivery.outcomes import Later, Unknown
from domain.errors import Refused
from domain.outages.destinations import Destinations
from domain.outages.notices import NoticeKind, PublicationState
from handlers.desk import Desk
from handlers.outages.pauses import pause_sending, resume_sending
from handlers.outages.results import repeat_publication, settle_publication
from storage.engine import Store
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import NOW, do
from tests.handlers.outages.made import MIA_MAY, SAM_MAY, ListDestination, deliver, destinations, sent
from tests.handlers.outages.test_results import announced, drafted, publications


async def two_at_the_page(
    store: Store, desk: Desk, page: ListDestination, clock: ManualClock
) -> tuple[Destinations, int]:
    """Have a person asked about the announcement, while an update waits for it; return the announcement."""
    page.outcomes, page.findings = [Unknown("no answer")], [Later("no answer")] * 9
    where = destinations(page=page)
    outage_id = announced(store, where)
    for _ in range(8):
        await deliver(desk, where, clock)
        clock.advance(minutes=3)
    sent(store, drafted(store, outage_id, NoticeKind.UPDATE, "We found it"), where)
    await deliver(desk, where, clock)
    assert page.published == []
    return where, publications(store, outage_id)[0].id


async def test_what_waits_for_one_that_is_not_there_leaves_alone_only_if_that_is_meant(
    store: Store, desk: Desk
) -> None:
    page, clock = ListDestination(), ManualClock()
    where, first = await two_at_the_page(store, desk, page, clock)
    with pytest.raises(Refused, match="would leave without it"):
        do(store, settle_publication, publication_id=first, is_there=False, actor=MIA_MAY, now=NOW)
    await deliver(desk, where, clock)
    assert page.published == []
    settled = do(
        store,
        settle_publication,
        publication_id=first,
        is_there=False,
        goes_on=True,
        actor=MIA_MAY,
        now=clock.moment,
    )
    assert settled.state is PublicationState.FAILED
    await deliver(desk, where, clock)
    assert page.published == [("We found it", None, None)]


async def test_one_that_is_not_there_is_sent_again_before_what_waits_for_it(store: Store, desk: Desk) -> None:
    page, clock = ListDestination(), ManualClock()
    where, first = await two_at_the_page(store, desk, page, clock)
    queued = do(store, repeat_publication, publication_id=first, actor=MIA_MAY, now=clock.moment)
    assert queued.state is PublicationState.QUEUED
    with pytest.raises(Refused, match="known by now"):
        do(store, repeat_publication, publication_id=first, actor=SAM_MAY, now=clock.moment)
    await deliver(desk, where, clock)
    assert page.published == [("Payments fail", None, None), ("We found it", "p1", "p1")]


async def test_one_that_is_sent_again_is_held_by_a_pause(store: Store, desk: Desk) -> None:
    page, clock = ListDestination(), ManualClock()
    where, first = await two_at_the_page(store, desk, page, clock)
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=clock.moment)
    do(store, repeat_publication, publication_id=first, actor=MIA_MAY, now=clock.moment)
    await deliver(desk, where, clock)
    assert page.published == []
    do(store, resume_sending, actor=SAM_MAY, now=clock.moment)
    await deliver(desk, where, clock)
    assert [text for text, _, _ in page.published] == ["Payments fail", "We found it"]
