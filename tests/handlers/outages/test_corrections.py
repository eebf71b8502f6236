"""Correct what arrived where it stands, and leave an entry that tells newer news as it is."""

from typing import Any

import pytest

from domain.delivery.outcomes import Failed, Later, Unknown
from domain.errors import Refused
from domain.outages.destinations import ConnectedDestination, DestinationProfile, Destinations
from domain.outages.notices import Notice, NoticeKind, PublicationState
from domain.outages.outage import Phase
from handlers.desk import Desk
from handlers.outages.drafting import begin_form
from handlers.outages.results import retry_publication, settle_publication
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
from tests.handlers.outages.test_results import publications
from tests.handlers.outages.test_reviews import review as reviewed

REFUSED = Failed("401")
BOTH = ("page", "wall")


def connected(**clients: ListDestination) -> Destinations:
    """Connect these, which edit; on the "page" an outage is one entry."""
    return Destinations(
        [
            ConnectedDestination(
                profile=DestinationProfile(
                    name=name, label=name.capitalize(), corrects=True, is_one_entry=name == "page"
                ),
                client=client,
            )
            for name, client in clients.items()
        ]
    )


def announced(store: Store, where: Destinations) -> Notice:
    _, notice = an_outage(store, "Payments fail", *where)
    return sent(store, notice, where)


def released(
    store: Store, where: Destinations, first: Notice, text: str, kind: NoticeKind, corrects: int | None = None
) -> Notice:
    """Release a further notice to all destinations."""
    phase = Phase.RESOLVED if kind is NoticeKind.RESOLUTION else Phase.IDENTIFIED
    notice: Notice = a_notice(
        store, first.outage_id, kind, content(text, *where, phase=phase), corrects=corrects
    )
    return sent(store, notice, where)


def texts(client: ListDestination) -> list[str]:
    return [text for text, _, _ in client.published]


def begun(store: Store, where: Destinations, notice: Notice) -> Any:  # noqa: ANN401 - an `OutageForm`
    given: dict[str, Any] = {"kind": NoticeKind.CORRECTION, "due": "30", "now": NOW, "corrects": notice.id}
    return do(store, begin_form, outage_id=notice.outage_id, destinations=where, **given)


@pytest.mark.parametrize("kind", [NoticeKind.UPDATE, NoticeKind.RESOLUTION])
async def test_an_older_notice_that_never_arrived_does_not_rewind_the_entry(
    store: Store, desk: Desk, kind: NoticeKind
) -> None:
    page, wall = ListDestination(outcomes=[REFUSED]), ListDestination()
    where = connected(page=page, wall=wall)
    first = announced(store, where)
    await deliver(desk, where)
    released(store, where, first, "News", kind)
    await deliver(desk, where)
    assert begun(store, where, first).destinations == ("wall",), "there is nothing to correct on the page"
    released(store, where, first, "Cards fail", NoticeKind.CORRECTION, corrects=first.id)
    await deliver(desk, where)
    assert (texts(page), page.corrected) == (["News"], [])
    assert (texts(wall), wall.corrected) == (["Payments fail", "News"], [("Cards fail", "p1")])
    *_, on_page, on_wall = publications(store, first.outage_id)
    assert (on_page.state, on_wall.state) == (PublicationState.FAILED, PublicationState.SENT)
    assert on_page.error == "what it corrects is not there, so there is nothing to change"
    do(store, retry_publication, publication_id=on_page.id, destinations=where, actor=MIA_MAY, now=NOW)
    await deliver(desk, where)
    assert (texts(page), page.corrected) == (["News"], [])


async def test_what_stands_nowhere_cannot_be_corrected(store: Store, desk: Desk) -> None:
    page = ListDestination(outcomes=[REFUSED])
    where = connected(page=page)
    first = announced(store, where)
    await deliver(desk, where)
    assert begun(store, where, first).destinations == ("page",), "no newer notice is there"
    update = released(store, where, first, "News", NoticeKind.UPDATE)
    await deliver(desk, where)
    view = do(store, view_board, outage_id=first.outage_id, destinations=where, now=NOW)
    assert [one.newest.id for one in view.correctable] == [update.id]
    with pytest.raises(Refused, match="stands nowhere"):
        begun(store, where, first)


async def test_the_newest_notice_is_published_by_its_correction_where_it_failed(
    store: Store, desk: Desk
) -> None:
    page = ListDestination()
    where = connected(page=page)
    first = announced(store, where)
    await deliver(desk, where)
    page.outcomes.append(REFUSED)
    update = released(store, where, first, "Cards fail", NoticeKind.UPDATE)
    await deliver(desk, where)
    released(store, where, first, "Only cards fail", NoticeKind.CORRECTION, corrects=update.id)
    await deliver(desk, where)
    assert page.published[-1] == ("Only cards fail", "p1", "p1")
    released(store, where, first, "Over", NoticeKind.RESOLUTION)
    await deliver(desk, where)
    assert page.published[-1] == ("Over", "p1", "p2"), "with what the correction told of the components"


async def test_the_review_of_a_correction_knows_where_there_is_nothing_to_correct(
    store: Store, desk: Desk
) -> None:
    page, wall = ListDestination(outcomes=[REFUSED]), ListDestination()
    where = connected(page=page, wall=wall)
    first = announced(store, where)
    drafted = a_notice(
        store,
        first.outage_id,
        NoticeKind.CORRECTION,
        content("Cards fail", "page", "wall"),
        corrects=first.id,
    )
    assert reviewed(store, drafted, where).not_there == frozenset(), "both are still under way"
    await deliver(desk, where)
    assert reviewed(store, drafted, where).not_there == {("page", drafted.texts[0].language)}
    sent(store, drafted, where)
    await deliver(desk, where)
    assert (texts(page), page.corrected) == (["Cards fail"], [])
    assert (texts(wall), wall.corrected) == (["Payments fail"], [("Cards fail", "p1")])


async def test_a_correction_does_not_hide_an_update_that_failed(store: Store, desk: Desk) -> None:
    wall = ListDestination()
    where = connected(wall=wall)
    first = announced(store, where)
    await deliver(desk, where)
    wall.outcomes.append(REFUSED)
    released(store, where, first, "News", NoticeKind.UPDATE)
    await deliver(desk, where)
    released(store, where, first, "Cards fail", NoticeKind.CORRECTION, corrects=first.id)
    await deliver(desk, where)
    lines = do(store, view_board, outage_id=first.outage_id, destinations=where, now=NOW).lines
    assert [(line.kind, line.publication.state) for line in lines] == [
        (NoticeKind.UPDATE, PublicationState.FAILED),
        (NoticeKind.CORRECTION, PublicationState.SENT),
    ]
    failed = lines[0].publication.id
    do(store, retry_publication, publication_id=failed, destinations=where, actor=MIA_MAY, now=NOW)
    await deliver(desk, where)
    assert texts(wall) == ["Payments fail", "News"]
    [line] = do(store, view_board, outage_id=first.outage_id, destinations=where, now=NOW).lines
    assert (line.kind, line.publication.state) == (None, PublicationState.SENT)


async def test_what_is_about_to_arrive_is_corrected_there(store: Store, desk: Desk) -> None:
    page, wall = ListDestination(), ListDestination()
    where = connected(page=page, wall=wall)
    first = announced(store, where)
    released(store, where, first, "News", NoticeKind.UPDATE)
    released(store, where, first, "Cards fail", NoticeKind.CORRECTION, corrects=first.id)
    await deliver(desk, where)
    for client in (page, wall):
        assert (texts(client), client.corrected) == (["Payments fail", "News"], [("Cards fail", "p1")])


async def test_a_correction_that_is_unsure_is_settled_behind_a_newer_notice(store: Store, desk: Desk) -> None:
    page = ListDestination(outcomes=[REFUSED, Unknown("no answer")], findings=[Later("no answer")] * 9)
    where, clock = connected(page=page), ManualClock()
    first = announced(store, where)
    await deliver(desk, where, clock)
    released(store, where, first, "Cards fail", NoticeKind.CORRECTION, corrects=first.id)
    await deliver(desk, where, clock)
    released(store, where, first, "News", NoticeKind.UPDATE)
    [_, unsure, _] = publications(store, first.outage_id)
    gone: Any = {"publication_id": unsure.id, "is_there": False, "actor": MIA_MAY, "now": NOW}
    with pytest.raises(Refused, match="would leave without it"):
        do(store, settle_publication, **gone)
    settled = do(store, settle_publication, **gone, goes_on=True)
    assert settled.state is PublicationState.FAILED
    await deliver(desk, where, clock)
    assert texts(page) == ["News"]
