"""Correct and delete any notice that stands: by the receipt of each, with the reply chain left whole."""

from datetime import timedelta
from typing import Any

import pytest

from domain.delivery.outcomes import Done, Failed, Unknown
from domain.errors import Refused
from domain.outages.board import BoardView
from domain.outages.destinations import ConnectedDestination, DestinationProfile, Destinations, Languages
from domain.outages.notices import Notice, NoticeKind, NoticeState, PublicationState
from handlers.desk import Desk
from handlers.outages.drafting import begin_form
from handlers.outages.results import retract_publication, settle_publication
from handlers.outages.views import view_board
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
    sent,
)


def connected(client: ListDestination, **changes: Any) -> Destinations:  # noqa: ANN401 - any of the fields
    """Connect one destination, "page", which deletes."""
    given: dict[str, Any] = {"name": "page", "label": "Page", "retracts": True}
    return Destinations([ConnectedDestination(profile=DestinationProfile(**given | changes), client=client)])


async def further(
    store: Store,
    desk: Desk,
    where: Destinations,
    outage_id: int,
    text: str,
    *,
    kind: NoticeKind = NoticeKind.UPDATE,
    corrects: int | None = None,
) -> Notice:
    """Announce a further notice, and have it delivered."""
    notice: Notice = a_notice(store, outage_id, kind, content(text), corrects=corrects)
    sent(store, notice, where)
    await deliver(desk, where)
    return notice


async def three_notices(store: Store, desk: Desk, where: Destinations) -> tuple[int, list[Notice]]:
    """Announce an outage with two updates; return its id and the notices."""
    outage, first = an_outage(store, "Payments fail", "page")
    sent(store, first, where)
    await deliver(desk, where)
    second = await further(store, desk, where, outage.id, "We look")
    third = await further(store, desk, where, outage.id, "We found it")
    return outage.id, [first, second, third]


def board(store: Store, outage_id: int, where: Destinations) -> BoardView:
    view: BoardView = do(store, view_board, outage_id=outage_id, destinations=where, now=NOW)
    return view


async def deleted(store: Store, desk: Desk, where: Destinations, publication_id: int) -> None:
    do(store, retract_publication, publication_id=publication_id, destinations=where, actor=MIA_MAY, now=NOW)
    await deliver(desk, where)


def words(view: BoardView) -> list[str]:
    return [one.current.newest.versions[0].problem for one in view.standing]


async def test_one_in_the_middle_is_deleted_and_the_replies_go_on(store: Store, desk: Desk) -> None:
    posts = ListDestination()
    where = connected(posts, languages=Languages.EACH)
    outage, first = an_outage(store, "Payments fail", "page")
    sent(store, first, where)
    await deliver(desk, where)
    await further(store, desk, where, outage.id, "We look")
    await further(store, desk, where, outage.id, "We found it")
    view = board(store, outage.id, where)
    assert words(view) == ["We found it", "We look", "Payments fail"]
    await deleted(store, desk, where, view.retractable[1].publication.id)
    assert posts.retracted == ["p2"]
    assert words(board(store, outage.id, where)) == ["We found it", "Payments fail"]
    await further(store, desk, where, outage.id, "It is mended soon")
    assert posts.published[-1] == ("It is mended soon", "p1", "p3")
    await deleted(store, desk, where, board(store, outage.id, where).retractable[-1].publication.id)
    await further(store, desk, where, outage.id, "Nearly")
    assert posts.published[-1][:2] == ("Nearly", "p3"), "a reply to the first that still stands"


async def test_an_older_notice_is_corrected_where_it_stands(store: Store, desk: Desk) -> None:
    page = ListDestination()
    where = connected(page, corrects=True)
    outage_id, [_, second, _] = await three_notices(store, desk, where)
    listed = board(store, outage_id, where).correctable
    assert [one.newest.versions[0].problem for one in listed] == ["We found it", "We look", "Payments fail"]
    form = do(
        store,
        begin_form,
        outage_id=outage_id,
        kind=NoticeKind.CORRECTION,
        destinations=where,
        due="30",
        now=NOW,
        corrects=second.id,
    )
    assert (form.versions[0].problem, form.corrects) == ("We look", second.id)
    await further(
        store, desk, where, outage_id, "We look at it", kind=NoticeKind.CORRECTION, corrects=second.id
    )
    assert page.corrected == [("We look at it", "p2")]
    view = board(store, outage_id, where)
    assert words(view) == ["We found it", "We look at it", "Payments fail"]
    assert [one.newest.versions[0].problem for one in view.correctable] == words(view)
    assert len(page.published) == 3
    assert view.newest is not None
    assert view.newest.versions[0].problem == "We found it", "what came after it is still the newest"
    assert [one.is_corrected for one in view.correctable] == [False, True, False]


async def test_what_was_deleted_everywhere_cannot_be_corrected(store: Store, desk: Desk) -> None:
    where = connected(ListDestination())
    outage_id, [_, second, _] = await three_notices(store, desk, where)
    await deleted(store, desk, where, board(store, outage_id, where).retractable[1].publication.id)
    assert second.id not in [one.newest.id for one in board(store, outage_id, where).correctable]
    with pytest.raises(Refused, match="stands nowhere"):
        do(
            store,
            begin_form,
            outage_id=outage_id,
            kind=NoticeKind.CORRECTION,
            destinations=where,
            due="30",
            now=NOW,
            corrects=second.id,
        )


async def test_a_correction_goes_past_one_that_did_not_arrive(store: Store, desk: Desk) -> None:
    page = ListDestination()
    where = connected(page)
    outage, first = an_outage(store, "Payments fail", "page")
    sent(store, first, where)
    await deliver(desk, where)
    page.outcomes.append(Failed("401"))
    lost = await further(
        store, desk, where, outage.id, "Cards", kind=NoticeKind.CORRECTION, corrects=first.id
    )
    where = connected(page, corrects=True)
    await further(store, desk, where, outage.id, "Only cards", kind=NoticeKind.CORRECTION, corrects=lost.id)
    assert page.corrected == [("Only cards", "p1")]


@pytest.mark.parametrize("keeps_updates", [True, False])
async def test_an_entry_goes_with_its_updates(store: Store, desk: Desk, *, keeps_updates: bool) -> None:
    page = ListDestination()
    where = connected(page, is_one_entry=True, keeps_updates=keeps_updates)
    outage_id, _ = await three_notices(store, desk, where)
    view = board(store, outage_id, where)
    assert len(view.retractable) == (1 if keeps_updates else 3)
    entry = view.retractable[-1]
    assert entry.is_entry
    await deleted(store, desk, where, entry.publication.id)
    with store.unit_of_work() as uow:
        states = {one.state for one in uow.publications.of_outage(outage_id)}
    assert states == {PublicationState.RETRACTED}
    assert board(store, outage_id, where).retractable == ()
    await further(store, desk, where, outage_id, "It goes on")
    assert page.published[-1] == ("It goes on", None, None), "a new entry"


async def test_what_only_a_person_has_seen_there_is_not_said_to_be_deleted(store: Store, desk: Desk) -> None:
    page = ListDestination(outcomes=[Unknown("no answer")])
    where = connected(page)
    outage, first = an_outage(store, "Payments fail", "page")
    sent(store, first, where)
    await deliver(desk, where, ManualClock())
    [unsure] = board(store, outage.id, where).lines
    given: dict[str, Any] = {"actor": MIA_MAY, "now": NOW + timedelta(minutes=1)}
    number = unsure.publication.id
    do(store, settle_publication, publication_id=number, is_there=True, **given)
    view = board(store, outage.id, where)
    assert (len(view.standing), view.retractable) == (1, ())
    with pytest.raises(Refused, match="nothing of it that can be deleted"):
        do(store, retract_publication, publication_id=number, destinations=where, **given)


async def test_a_withdrawn_notice_stands_nowhere(store: Store, desk: Desk) -> None:
    where = connected(ListDestination(outcomes=[Done({"id": "p1"})]))
    outage, first = an_outage(store, "Payments fail", "page")
    view = board(store, outage.id, where)
    assert (view.standing, view.correctable, first.state) == ((), (), NoticeState.DRAFT)
    await deliver(desk, where)
