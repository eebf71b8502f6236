"""Take back notices that a pause of all sending holds."""

import pytest

from domain.delivery.outcomes import Later
from domain.errors import Refused
from domain.outages.lifecycle import Actor, RightMissing
from domain.outages.notices import NoticeKind, PublicationState
from domain.outages.policy import Right
from domain.records.audit import Action
from handlers.desk import Desk
from handlers.outages.held_notices import take_back_held
from handlers.outages.pauses import pause_sending, resume_sending
from handlers.outages.results import retry_publication
from handlers.outages.views import view_board, view_trail
from storage.engine import Store
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import MIA, NOW, SAM, do
from tests.handlers.outages.made import (
    MIA_MAY,
    SAM_MAY,
    ListDestination,
    an_outage,
    deliver,
    destinations,
    sent,
)
from tests.handlers.outages.test_races import meanwhile
from tests.handlers.outages.test_results import announced, drafted, publications


def pause(store: Store) -> None:
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)


def resume(store: Store) -> None:
    do(store, resume_sending, actor=SAM_MAY, now=NOW)


async def test_what_is_taken_back_is_not_sent_and_can_be_sent_again(store: Store, desk: Desk) -> None:
    page, wall = ListDestination(), ListDestination(outcomes=[Later("429")])
    where, clock = destinations(page=page, wall=wall), ManualClock()
    outage, notice = an_outage(store, "Payments fail", "page", "wall")
    sent(store, notice, where)
    await deliver(desk, where, clock)
    pause(store)
    sent(store, drafted(store, outage.id, NoticeKind.UPDATE, "We know why."), where)
    await deliver(desk, where, clock)
    assert do(store, view_board, outage_id=outage.id, destinations=where, now=NOW).holds_notices
    assert do(store, take_back_held, outage_id=outage.id, actor=MIA_MAY, now=NOW) == 2
    assert not do(store, view_board, outage_id=outage.id, destinations=where, now=NOW).holds_notices
    resume(store)
    clock.advance(hours=1)
    await deliver(desk, where, clock)
    assert [text for text, _, _ in page.published] == ["Payments fail"]
    assert wall.published == []
    states = [(one.destination, one.state) for one in publications(store, outage.id)]
    assert states == [
        ("page", PublicationState.SENT),
        ("wall", PublicationState.FAILED),
        ("page", PublicationState.FAILED),
    ]
    trail = do(store, view_trail, outage_id=outage.id, now=NOW)
    taken = [one for one in trail.entries if one.action is Action.NOTICE_TAKEN_BACK]
    assert [(one.actor, one.detail["destination"]) for one in taken] == [(MIA, "wall"), (MIA, "page")]
    again = publications(store, outage.id)[2].id
    do(store, retry_publication, publication_id=again, destinations=where, actor=MIA_MAY, now=NOW)
    await deliver(desk, where, clock)
    assert [text for text, _, _ in page.published] == ["Payments fail", "We know why."]


async def test_a_correction_that_is_held_is_taken_back_too(store: Store, desk: Desk) -> None:
    page = ListDestination()
    where = destinations(page=page)
    outage_id = announced(store, where)
    await deliver(desk, where)
    pause(store)
    first = publications(store, outage_id)[0].notice_id
    sent(store, drafted(store, outage_id, NoticeKind.CORRECTION, "Cards fail", corrects=first), where)
    assert do(store, take_back_held, outage_id=outage_id, actor=MIA_MAY, now=NOW) == 1
    resume(store)
    await deliver(desk, where)
    assert page.corrected == []


def test_nothing_is_taken_back_where_nothing_is_held(store: Store) -> None:
    outage_id = announced(store, destinations(page=ListDestination()))
    with pytest.raises(Refused, match="sending goes on by now"):
        do(store, take_back_held, outage_id=outage_id, actor=MIA_MAY, now=NOW)
    pause(store)
    drafter = Actor(user_id=SAM, rights=frozenset({Right.DRAFT, Right.PAUSE}))
    with pytest.raises(RightMissing):
        do(store, take_back_held, outage_id=outage_id, actor=drafter, now=NOW)
    assert do(store, take_back_held, outage_id=outage_id, actor=MIA_MAY, now=NOW) == 1
    with pytest.raises(Refused, match="nothing of this outage is held"):
        do(store, take_back_held, outage_id=outage_id, actor=MIA_MAY, now=NOW)


async def test_what_is_taken_back_while_another_resumes_has_left_or_stays(store: Store, desk: Desk) -> None:
    page = ListDestination()
    where = destinations(page=page)
    pause(store)
    outage_id = announced(store, where)
    await deliver(desk, where)
    with meanwhile(store) as (uow, other):
        resume_sending(uow, actor=SAM_MAY, now=NOW)
        taken = other(take_back_held, outage_id=outage_id, actor=MIA_MAY, now=NOW)
    with pytest.raises(Refused, match="sending goes on by now"):
        taken.result(30)
    await deliver(desk, where)
    assert len(page.published) == 1
