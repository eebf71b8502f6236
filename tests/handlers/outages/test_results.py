"""What becomes of notices at their destinations, and what a person decides about it."""

from datetime import timedelta

import pytest

from domain.delivery.outcomes import Done, Failed, Later, Outcome, Unknown
from domain.errors import Refused
from domain.outages.destinations import ConnectedDestination, DestinationProfile, Destinations
from domain.outages.notices import Notice, NoticeKind, Publication, PublicationState
from domain.outages.stated_facts import StatedFacts
from domain.records.audit import Action
from domain.surge.spending import Act, day_of
from handlers.desk import Desk
from handlers.outages.dispatches import load_dispatch
from handlers.outages.results import retract_publication, retry_publication, settle_publication
from handlers.outages.views import view_board
from handlers.preflights import Preflights
from storage.engine import Store
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import NOW, do
from tests.handlers.outages.made import (
    MIA_MAY,
    ListDestination,
    a_notice,
    an_outage,
    content,
    deliver,
    destinations,
    sent,
)


def publications(store: Store, outage_id: int) -> list[Publication]:
    with store.unit_of_work() as uow:
        return uow.publications.of_outage(outage_id)


def recorded(store: Store, outage_id: int) -> list[tuple[Action, object, object]]:
    """Return (action, destination, reason) of what became of notices, the oldest first."""
    with store.unit_of_work() as uow:
        return [
            (entry.action, entry.detail["destination"], entry.detail["reason"])
            for entry in uow.audit.of_outage(outage_id)
            if "destination" in entry.detail
        ]


def announced(store: Store, where: Destinations, *names: str) -> int:
    outage, notice = an_outage(store, "Payments fail", *names)
    sent(store, notice, where)
    return outage.id


def drafted(store: Store, outage_id: int, kind: NoticeKind, text: str, corrects: int | None = None) -> Notice:
    return a_notice(store, outage_id, kind, content(text), corrects=corrects)


async def test_why_one_is_tried_again_is_recorded_until_it_is_there(store: Store, desk: Desk) -> None:
    page, wall = ListDestination(), ListDestination(outcomes=[Later("it does not answer")] * 2)
    where, clock = destinations(page=page, wall=wall), ManualClock()
    outage_id = announced(store, where, "page", "wall")
    await deliver(desk, where, clock)
    by_name = {one.destination: one for one in publications(store, outage_id)}
    assert (by_name["page"].state, by_name["page"].error) == (PublicationState.SENT, None)
    assert (by_name["wall"].state, by_name["wall"].error) == (PublicationState.QUEUED, "it does not answer")
    for _ in range(2):
        clock.advance(minutes=5)
        await deliver(desk, where, clock)
    by_name = {one.destination: one for one in publications(store, outage_id)}
    assert (by_name["wall"].state, by_name["wall"].error) == (PublicationState.SENT, None)
    assert len(wall.published) == 1
    assert recorded(store, outage_id) == [
        (Action.NOTICE_SENT, "page", None),
        (Action.NOTICE_SENT, "wall", None),
    ]


async def test_one_that_fails_is_retried_alone(store: Store, desk: Desk) -> None:
    page, wall = ListDestination(), ListDestination(outcomes=[Failed("it says 401: the key is wrong")])
    where = destinations(page=page, wall=wall)
    outage_id = announced(store, where, "page", "wall")
    await deliver(desk, where)
    fine, failed = publications(store, outage_id)
    assert (fine.state, failed.state) == (PublicationState.SENT, PublicationState.FAILED)
    assert failed.error == "it says 401: the key is wrong"
    for _ in range(2):
        do(store, retry_publication, publication_id=failed.id, destinations=where, actor=MIA_MAY, now=NOW)
    await deliver(desk, where)
    assert publications(store, outage_id)[1].state is PublicationState.SENT
    assert (len(page.published), len(wall.published)) == (1, 1)


async def test_a_receipt_keeps_whom_the_destination_last_said_it_reaches(store: Store, desk: Desk) -> None:
    where, preflights = destinations(page=ListDestination(), wall=ListDestination()), Preflights()
    outage_id = announced(store, where, "page", "wall")
    await preflights.ask(where, ["page"], now=NOW - timedelta(minutes=20))
    await deliver(desk, where, preflights=preflights)
    page, wall = publications(store, outage_id)
    assert (page.audience, page.audience_unit) == (3, "readers")
    assert (wall.state, wall.audience) == (PublicationState.SENT, None)


async def test_an_unknown_outcome_is_looked_for_and_never_created_twice(store: Store, desk: Desk) -> None:
    page = ListDestination(
        outcomes=[Unknown("no answer")], findings=[Done({"id": "p7", "url": "https://page.example/p7"})]
    )
    where, clock = destinations(page=page), ManualClock()
    outage_id = announced(store, where)
    await deliver(desk, where, clock)
    assert publications(store, outage_id)[0].state is PublicationState.UNSURE
    clock.advance(seconds=10)
    await deliver(desk, where, clock)
    [found] = publications(store, outage_id)
    assert (found.state, found.external_id, found.url) == (
        PublicationState.SENT,
        "p7",
        "https://page.example/p7",
    )
    assert page.published == []


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_person_settles_what_is_unsure(store: Store, desk: Desk, *, is_there: bool) -> None:
    page = ListDestination(outcomes=[Unknown("no answer")], findings=[Later("no answer")] * 9)
    where, clock = destinations(page=page), ManualClock()
    outage_id = announced(store, where)
    for _ in range(8):
        await deliver(desk, where, clock)
        clock.advance(minutes=3)
    [unsure] = publications(store, outage_id)
    settled = do(
        store,
        settle_publication,
        publication_id=unsure.id,
        is_there=is_there,
        actor=MIA_MAY,
        now=NOW,
    )
    assert settled.state is (PublicationState.SENT if is_there else PublicationState.FAILED)
    await deliver(desk, where, clock)
    assert page.published == []
    with pytest.raises(Refused, match="known by now"):
        do(
            store,
            settle_publication,
            publication_id=unsure.id,
            is_there=True,
            actor=MIA_MAY,
            now=NOW,
        )


async def test_an_update_waits_until_the_announcement_is_settled(store: Store, desk: Desk) -> None:
    page = ListDestination(outcomes=[Unknown("no answer")], findings=[Later("no answer")] * 9)
    where, clock = destinations(page=page), ManualClock()
    outage_id = announced(store, where)
    await deliver(desk, where, clock)
    over = a_notice(store, outage_id, NoticeKind.RESOLUTION, content("Over"))
    sent(store, over, where)
    clock.advance(minutes=1)
    await deliver(desk, where, clock)
    assert page.published == []
    page.findings[:] = [Done({"id": "p9"})]
    clock.advance(minutes=5)
    await deliver(desk, where, clock)
    assert page.published == [("Over", "p9", "p9")]


async def test_the_board_shows_what_a_person_has_to_settle_before_what_waits_for_it(
    store: Store, desk: Desk
) -> None:
    page = ListDestination(outcomes=[Unknown("no answer")], findings=[Later("no answer")] * 9)
    where, clock = destinations(page=page), ManualClock()
    outage_id = announced(store, where)
    await deliver(desk, where, clock)
    sent(store, drafted(store, outage_id, NoticeKind.UPDATE, "We found it"), where)
    first, waiting = publications(store, outage_id)
    [line] = do(store, view_board, outage_id=outage_id, destinations=where, now=NOW).lines
    assert (line.publication.id, line.publication.state) == (first.id, PublicationState.UNSURE)
    do(
        store,
        settle_publication,
        publication_id=first.id,
        is_there=True,
        actor=MIA_MAY,
        now=NOW,
    )
    await deliver(desk, where, clock)
    [line] = do(store, view_board, outage_id=outage_id, destinations=where, now=NOW).lines
    assert (line.publication.id, line.publication.state) == (waiting.id, PublicationState.SENT)


async def test_an_announcement_is_not_tried_again_behind_the_resolution(store: Store, desk: Desk) -> None:
    page = ListDestination(outcomes=[Failed("it says 401")])
    where = destinations(page=page)
    outage_id = announced(store, where)
    await deliver(desk, where)
    [failed] = publications(store, outage_id)
    sent(store, drafted(store, outage_id, NoticeKind.RESOLUTION, "Over"), where)
    with pytest.raises(Refused, match="newer notice"):
        do(store, retry_publication, publication_id=failed.id, destinations=where, actor=MIA_MAY, now=NOW)
    await deliver(desk, where)
    assert [text for text, _, _ in page.published] == ["Over"]


async def test_a_correction_edits_where_that_is_possible_and_follows_where_not(
    store: Store, desk: Desk
) -> None:
    page, wall = ListDestination(), ListDestination()
    where = destinations(page=page, wall=wall)
    outage, notice = an_outage(store, "Payments fail", "page", "wall")
    sent(store, notice, where)
    await deliver(desk, where)
    correction = a_notice(
        store,
        outage.id,
        NoticeKind.CORRECTION,
        content("Only cards fail", "page", "wall"),
        corrects=notice.id,
    )
    sent(store, correction, where)
    await deliver(desk, where)
    assert page.corrected == [("Only cards fail", "p1")]
    assert wall.published[-1] == ("Only cards fail", "p1", "p1")
    assert len(page.published) == 1


async def test_what_was_published_is_deleted_where_that_is_possible(store: Store, desk: Desk) -> None:
    page, wall = ListDestination(), ListDestination()
    where = destinations(page=page, wall=wall)
    outage_id = announced(store, where, "page", "wall")
    await deliver(desk, where)
    on_page, on_wall = publications(store, outage_id)
    do(store, retract_publication, publication_id=on_page.id, destinations=where, actor=MIA_MAY, now=NOW)
    with pytest.raises(Refused, match="nothing of it that can be deleted"):
        do(store, retract_publication, publication_id=on_wall.id, destinations=where, actor=MIA_MAY, now=NOW)
    await deliver(desk, where)
    assert page.retracted == ["p1"]
    assert publications(store, outage_id)[0].state is PublicationState.RETRACTED


async def test_a_deletion_that_failed_can_be_asked_for_again(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ListDestination()
    where = destinations(page=page)
    outage_id = announced(store, where, "page")
    await deliver(desk, where)
    [published] = publications(store, outage_id)

    async def refuse(_receipt: object, *, latest: object) -> Outcome:
        return Failed("the page refuses it")

    with monkeypatch.context() as refusing:
        refusing.setattr(page, "retract", refuse)
        do(
            store,
            retract_publication,
            publication_id=published.id,
            destinations=where,
            actor=MIA_MAY,
            now=NOW,
        )
        await deliver(desk, where)
    [stands] = publications(store, outage_id)
    assert (stands.state, stands.error) == (PublicationState.SENT, "the page refuses it")
    do(store, retract_publication, publication_id=published.id, destinations=where, actor=MIA_MAY, now=NOW)
    await deliver(desk, where)
    assert page.retracted == ["p1"]


async def test_a_destination_that_was_taken_out_fails_alone(store: Store, desk: Desk) -> None:
    page = ListDestination()
    outage_id = announced(store, destinations(page=page, wall=ListDestination()), "page", "wall")
    await deliver(desk, destinations(page=page))
    assert [one.state for one in publications(store, outage_id)] == [
        PublicationState.SENT,
        PublicationState.FAILED,
    ]
    assert publications(store, outage_id)[1].error == "wall is no longer set up here"


async def test_a_notice_that_a_network_does_not_charge_for_is_not_metered(store: Store, desk: Desk) -> None:
    profile = DestinationProfile(name="x", label="X", price=lambda _text: 0.0)
    where = Destinations([ConnectedDestination(profile=profile, client=ListDestination())])
    outage_id = announced(store, where, "x")
    await deliver(desk, where)
    assert [one.state for one in publications(store, outage_id)] == [PublicationState.SENT]
    with store.unit_of_work() as uow:
        assert uow.spending.of_day(day_of(NOW)) == []


async def test_what_a_network_charges_for_a_notice_is_metered_once(store: Store, desk: Desk) -> None:
    profile = DestinationProfile(name="x", label="X", price=lambda _text: 0.015)
    posts = ListDestination(outcomes=[Unknown("no answer")], findings=[Done({"id": "p7"})])
    where = Destinations([ConnectedDestination(profile=profile, client=posts)])
    clock = ManualClock()
    announced(store, where, "x")
    for _ in range(3):
        await deliver(desk, where, clock)
        clock.advance(seconds=10)
    with store.unit_of_work() as uow:
        spent = [(one.network, one.act, one.count) for one in uow.spending.of_day(day_of(NOW))]
        assert uow.spending.cost(day_of(NOW), "x") == pytest.approx(0.015)
    assert spent == [("x", Act.NOTICES, 1)]


def test_the_first_new_title_of_an_outage_from_before_titles_were_stored_is_a_new_one(store: Store) -> None:
    where = destinations(page=ListDestination())
    outage, first = an_outage(store)
    assert sent(store, first, where).facts is None
    facts = StatedFacts(title="Cards fail", severity=outage.severity, components=("Cards",))
    update = a_notice(store, outage.id, NoticeKind.UPDATE, content("Only cards", facts=facts))
    sent(store, update, where)
    before, after = (
        do(store, load_dispatch, publication_id=one.id).notice for one in publications(store, outage.id)
    )
    assert (before.title, before.components, before.former_titles) == ("Payments fail", ("Payments",), ())
    assert (after.title, after.former_titles) == ("Cards fail", ("Payments fail",))
