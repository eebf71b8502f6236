"""Pause all sending, and resume it."""

from dataclasses import replace

import pytest

from domain.delivery.effects import SendLinkedAnswer, SendPublicReply
from domain.delivery.outcomes import Done, Later, Unknown
from domain.delivery.thread_effects import AddReaction
from domain.outages.destinations import Destinations
from domain.outages.lifecycle import Actor, RightMissing
from domain.outages.notices import NoticeKind, PublicationState
from domain.outages.policy import Right
from domain.records.audit import Action
from handlers.desk import Desk
from handlers.outages.pauses import current_pause, pause_sending, resume_sending
from handlers.outages.results import retract_publication
from storage.engine import Store
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, a_delivery_loop, turn
from tests.handlers.made import MIA, NOW, SAM, do, queued
from tests.handlers.outages.made import (
    MIA_MAY,
    SAM_MAY,
    ListDestination,
    a_notice,
    an_outage,
    content,
    deliver,
    destinations,
    sent,
)


async def test_a_pause_holds_notices_until_it_is_ended(store: Store, desk: Desk) -> None:
    page, clock = ListDestination(), ManualClock()
    where = destinations(page=page)
    _, notice = an_outage(store)
    paused = do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    assert (paused.is_new, paused.pause.paused_by) == (True, SAM)
    sent(store, notice, where)
    await deliver(desk, where, clock)
    clock.advance(hours=5)
    await deliver(desk, where, clock)
    assert page.published == []
    ended = do(store, resume_sending, actor=MIA_MAY, now=clock.moment)
    assert ended is not None
    assert (ended.paused_by, ended.resumed_by) == (SAM, MIA)
    await deliver(desk, where, clock)
    assert len(page.published) == 1
    assert do(store, current_pause) is None
    with store.unit_of_work() as uow:
        entries = uow.audit.page(case_id=None, before=2**62, limit=99)
    switched = (Action.SENDING_PAUSED, Action.SENDING_RESUMED)
    assert [(one.actor, one.action) for one in entries if one.action in switched] == [
        (SAM, Action.SENDING_PAUSED),
        (MIA, Action.SENDING_RESUMED),
    ]


async def test_what_was_queued_before_is_held_too(store: Store, desk: Desk) -> None:
    page = ListDestination()
    where = destinations(page=page)
    _, notice = an_outage(store)
    sent(store, notice, where)
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    await deliver(desk, where)
    assert page.published == []
    [row] = queued(store, "send_notice")
    assert (row["state"], row["attempts"]) == ("queued", 0)


async def test_one_that_is_tried_again_is_held(store: Store, desk: Desk) -> None:
    page, clock = ListDestination(outcomes=[Later("429")]), ManualClock()
    where = destinations(page=page)
    _, notice = an_outage(store)
    sent(store, notice, where)
    await deliver(desk, where, clock)
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    clock.advance(hours=1)
    await deliver(desk, where, clock)
    assert page.published == []
    do(store, resume_sending, actor=SAM_MAY, now=clock.moment)
    await deliver(desk, where, clock)
    assert len(page.published) == 1


@pytest.mark.parametrize("holds_answers", [False, True])
async def test_answers_of_agents_are_let_through_unless_they_are_held_too(
    store: Store, desk: Desk, *, holds_answers: bool
) -> None:
    do(store, pause_sending, holds_answers=holds_answers, actor=SAM_MAY, now=NOW)
    with store.unit_of_work() as uow:
        uow.outbox.add([SendPublicReply(1, 1, "x"), AddReaction("C1", "1.2", "eyes")], now=NOW)
    script = ScriptedPerformer()
    delivery = a_delivery_loop(desk, script, ManualClock())
    while await turn(delivery):
        pass
    kinds = {key.partition(":")[0] for key in script.performed}
    assert kinds == ({"mark_message"} if holds_answers else {"mark_message", "send_reply"})


def test_who_pauses_second_is_told_who_was_first(store: Store) -> None:
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    again = do(store, pause_sending, holds_answers=False, actor=MIA_MAY, now=NOW)
    assert (again.is_new, again.pause.paused_by, again.pause.holds_answers) == (False, SAM, False)
    do(store, resume_sending, actor=MIA_MAY, now=NOW)
    assert do(store, resume_sending, actor=MIA_MAY, now=NOW) is None


@pytest.mark.parametrize("first", [False, True])
async def test_of_two_pauses_the_one_counts_that_holds_more(store: Store, desk: Desk, *, first: bool) -> None:
    with store.unit_of_work() as uow:
        uow.outbox.add([SendPublicReply(1, 1, "x")], now=NOW)
    for holds_answers, actor in ((first, SAM_MAY), (not first, MIA_MAY)):
        paused = do(store, pause_sending, holds_answers=holds_answers, actor=actor, now=NOW)
    assert (paused.pause.paused_by, paused.pause.holds_answers) == (SAM, True)
    with store.unit_of_work() as uow:
        uow.outbox.add([SendPublicReply(2, 2, "x")], now=NOW)
    script = ScriptedPerformer()
    delivery = a_delivery_loop(desk, script, ManualClock())
    while await turn(delivery):
        pass
    assert [key for key in script.performed if key.startswith("send_reply")] == []
    with store.unit_of_work() as uow:
        assert uow.outbox.held_cases() == [1, 2]


async def test_what_is_being_sent_is_counted(store: Store, desk: Desk) -> None:
    _, notice = an_outage(store)
    sent(store, notice, destinations(page=ListDestination()))
    with store.unit_of_work() as uow:
        claimed = uow.outbox.claim(
            now=NOW, lease=NOW - NOW, owner="me", limit=9, paces=lambda _destination: None
        )
    assert any(job.effect.kind == "send_notice" for job in claimed)
    paused = do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    assert paused.being_sent == {"send_notice": 1}


def test_pausing_is_a_right(store: Store) -> None:
    drafter = Actor(user_id=SAM, rights=frozenset({Right.DRAFT}))
    for act in (
        lambda: do(store, pause_sending, holds_answers=False, actor=drafter, now=NOW),
        lambda: do(store, resume_sending, actor=drafter, now=NOW),
    ):
        with pytest.raises(RightMissing):
            act()


async def test_what_is_found_by_sending_it_again_is_held(store: Store, desk: Desk) -> None:
    hook, clock = (
        ListDestination(outcomes=[Unknown("no answer")], findings=[Done({"id": "h1"})]),
        ManualClock(),
    )
    [connected] = destinations(page=hook).values()
    where = Destinations([replace(connected, profile=replace(connected.profile, is_idempotent=True))])
    _, notice = an_outage(store)
    sent(store, notice, where)
    await deliver(desk, where, clock)
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    clock.advance(minutes=1)
    await deliver(desk, where, clock)
    assert len(hook.findings) == 1
    do(store, resume_sending, actor=SAM_MAY, now=clock.moment)
    clock.advance(minutes=10)
    await deliver(desk, where, clock)
    assert hook.findings == []


async def test_a_held_answer_keeps_back_none_that_is_let_through(store: Store, desk: Desk) -> None:
    ours, theirs = SendLinkedAnswer(1, 1, "x"), SendPublicReply(2, 1, "x")
    with store.unit_of_work() as uow:
        uow.outbox.add([ours], now=NOW)
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    with store.unit_of_work() as uow:
        uow.outbox.add([theirs], now=NOW)
        assert uow.outbox.wait_of_answer(theirs, now=NOW) is None
        assert uow.outbox.next_due(NOW) == NOW
    script = ScriptedPerformer()
    delivery = a_delivery_loop(desk, script, ManualClock())
    while await turn(delivery):
        pass
    assert theirs.key in script.performed
    assert ours.key not in script.performed
    do(store, resume_sending, actor=SAM_MAY, now=NOW)
    while await turn(delivery):
        pass
    assert ours.key in script.performed


async def test_what_stands_is_deleted_though_an_update_is_held(store: Store, desk: Desk) -> None:
    """A wrong announcement may be why somebody paused."""
    page = ListDestination()
    where = destinations(page=page)
    outage, notice = an_outage(store)
    sent(store, notice, where)
    await deliver(desk, where)
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    update = a_notice(store, outage.id, NoticeKind.UPDATE, content("We know why."))
    sent(store, update, where)
    await deliver(desk, where)
    with store.unit_of_work() as uow:
        [first, _held] = uow.publications.of_outage(outage.id)
    do(store, retract_publication, publication_id=first.id, destinations=where, actor=MIA_MAY, now=NOW)
    await deliver(desk, where)
    assert page.retracted == ["p1"]
    with store.unit_of_work() as uow:
        states = [one.state for one in uow.publications.of_outage(outage.id)]
    assert states == [PublicationState.RETRACTED, PublicationState.QUEUED]


async def test_nobody_is_asked_about_what_is_only_not_looked_for(store: Store, desk: Desk) -> None:
    """A destination that may be sent the same again is looked at by that, and not while all is paused."""
    hook, clock = (
        ListDestination(outcomes=[Unknown("no answer")], findings=[Done({"id": "h1"})]),
        ManualClock(),
    )
    [connected] = destinations(page=hook).values()
    where = Destinations([replace(connected, profile=replace(connected.profile, is_idempotent=True))])
    outage, notice = an_outage(store)
    sent(store, notice, where)
    await deliver(desk, where, clock)
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)
    for _ in range(9):
        clock.advance(minutes=3)
        await deliver(desk, where, clock)
    assert [row["payload"]["text"] for row in queued(store, "alert")] == []
    do(store, resume_sending, actor=SAM_MAY, now=clock.moment)
    clock.advance(minutes=3)
    await deliver(desk, where, clock)
    with store.unit_of_work() as uow:
        [found] = uow.publications.of_outage(outage.id)
    assert (found.state, found.external_id) == (PublicationState.SENT, "h1")
