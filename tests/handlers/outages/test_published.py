"""What our own pages show: the newest notices, corrected in place, and the banner of an open outage."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from adapters.destinations.registry import connect_destinations
from domain.networks import Networks
from domain.outages.destinations import Destinations
from domain.outages.notices import NoticeKind, NoticeText, Version
from domain.outages.outage import Phase
from domain.outages.published import PublishedNotice
from handlers.desk import Desk
from handlers.outages.published import BANNER, FEED, current_banner, published_notices
from handlers.outages.results import retract_publication
from storage.engine import Store
from tests.adapters.destinations.stand_ins import a_context
from tests.handlers.made import NOW, do
from tests.handlers.outages.made import MIA_MAY, a_notice, an_outage, content, deliver, sent


@pytest.fixture
def pages() -> Destinations:
    """Our own pages, as the registry makes them."""
    return connect_destinations({FEED: None, BANNER: None}, a_context(), Networks({}))


def told(
    store: Store,
    outage_id: int,
    text: str,
    pages: Destinations,
    *,
    kind: NoticeKind = NoticeKind.UPDATE,
    phase: Phase = Phase.INVESTIGATING,
    corrects: int | None = None,
) -> None:
    """Have a notice of an announced outage sent to both pages."""
    notice = a_notice(store, outage_id, kind, content(text, FEED, BANNER, phase=phase), corrects=corrects)
    sent(store, notice, pages)


def banner_texts(store: Store) -> Mapping[str, str]:
    """Return the texts of the banner, which is there."""
    banner = do(store, current_banner)
    assert banner is not None
    return banner.texts


def feed(store: Store) -> list[PublishedNotice]:
    return list(do(store, published_notices, destination=FEED))


def shown(store: Store) -> list[tuple[str, bool]]:
    return [(next(iter(one.texts.values())), one.is_retracted) for one in feed(store)]


async def test_notices_are_there_once_they_are_sent(store: Store, desk: Desk, pages: Destinations) -> None:
    assert (feed(store), do(store, current_banner)) == ([], None)
    outage, notice = an_outage(store, "Payments fail", FEED, BANNER)
    assert feed(store) == []
    sent(store, notice, pages)
    assert (feed(store), do(store, current_banner)) == ([], None)
    await deliver(desk, pages)
    [one] = feed(store)
    assert (one.title, one.components, one.phase) == ("Payments fail", ("Payments",), Phase.INVESTIGATING)
    assert (one.reference, one.outage_id, one.is_open) == (notice.reference, outage.id, True)
    assert one.texts == {"en": "Payments fail"}


async def test_the_banner_is_the_newest_notice_until_it_is_resolved(
    store: Store, desk: Desk, pages: Destinations
) -> None:
    outage, notice = an_outage(store, "Payments fail", FEED, BANNER)
    sent(store, notice, pages)
    await deliver(desk, pages)
    told(store, outage.id, "We found it", pages, phase=Phase.IDENTIFIED)
    await deliver(desk, pages)
    assert banner_texts(store) == {"en": "We found it"}
    told(store, outage.id, "It works", pages, kind=NoticeKind.RESOLUTION, phase=Phase.RESOLVED)
    await deliver(desk, pages)
    assert do(store, current_banner) is None
    assert [text for text, _ in shown(store)] == ["It works", "We found it", "Payments fail"]


async def test_a_correction_takes_the_place_of_what_it_corrects(
    store: Store, desk: Desk, pages: Destinations
) -> None:
    outage, notice = an_outage(store, "Payments fail", FEED, BANNER)
    sent(store, notice, pages)
    await deliver(desk, pages)
    told(store, outage.id, "Card payments fail", pages, kind=NoticeKind.CORRECTION, corrects=notice.id)
    await deliver(desk, pages)
    assert shown(store) == [("Card payments fail", False)]
    assert banner_texts(store) == {"en": "Card payments fail"}


async def test_what_was_retracted_is_marked_in_the_feed_and_leaves_the_banner(
    store: Store, desk: Desk, pages: Destinations
) -> None:
    outage, notice = an_outage(store, "Payments fail", FEED, BANNER)
    sent(store, notice, pages)
    await deliver(desk, pages)
    with store.unit_of_work() as uow:
        ids = [one.id for one in uow.publications.of_outage(outage.id)]
    for publication_id in ids:
        do(
            store,
            retract_publication,
            publication_id=publication_id,
            destinations=pages,
            actor=MIA_MAY,
            now=NOW,
        )
    await deliver(desk, pages)
    assert shown(store) == [("Payments fail", True)]
    assert do(store, current_banner) is None


async def test_each_language_has_its_text(store: Store, desk: Desk, pages: Destinations) -> None:
    texts = tuple(
        NoticeText(destination=BANNER, language=language, text=text)
        for language, text in (("en", "It fails"), ("de", "Es geht nicht"))
    )
    versions = (Version(language="en", problem="It fails"), Version(language="de", problem="Es geht nicht"))
    _, notice = an_outage(store, "It fails", texts=texts, versions=versions)
    sent(store, notice, pages)
    await deliver(desk, pages)
    banner = do(store, current_banner)
    assert banner is not None
    assert banner.text_in("de") == ("de", "Es geht nicht")
    assert banner.text_in("fr") == ("en", "It fails")


async def test_a_rehearsal_is_shown_nowhere(store: Store, desk: Desk, pages: Destinations) -> None:
    outage, notice = an_outage(store, "Payments fail", FEED, BANNER)
    sent(store, notice, pages)
    await deliver(desk, pages)
    with store.unit_of_work() as uow:
        now = uow.outages.get(outage.id)
        uow.outages.save(replace(now, version=now.version + 1, is_rehearsal=True))
    assert (feed(store), do(store, current_banner)) == ([], None)


async def test_a_corrected_correction_is_in_the_same_place(
    store: Store, desk: Desk, pages: Destinations
) -> None:
    outage, notice = an_outage(store, "Paymnts fail", FEED, BANNER)
    sent(store, notice, pages)
    await deliver(desk, pages)
    for text in ("Pyments fail", "Payments fail"):
        with store.unit_of_work() as uow:
            newest = uow.notices.of_outage(outage.id)[-1]
        told(store, outage.id, text, pages, kind=NoticeKind.CORRECTION, corrects=newest.id)
        await deliver(desk, pages)
    assert shown(store) == [("Payments fail", False)]
    assert banner_texts(store) == {"en": "Payments fail"}


async def test_what_was_corrected_is_deleted_with_its_correction(
    store: Store, desk: Desk, pages: Destinations
) -> None:
    outage, notice = an_outage(store, "Paymnts fail", FEED, BANNER)
    sent(store, notice, pages)
    await deliver(desk, pages)
    told(store, outage.id, "Payments fail", pages, kind=NoticeKind.CORRECTION, corrects=notice.id)
    await deliver(desk, pages)
    with store.unit_of_work() as uow:
        [newest] = uow.publications.at(FEED, 1)
    do(store, retract_publication, publication_id=newest.id, destinations=pages, actor=MIA_MAY, now=NOW)
    await deliver(desk, pages)
    assert [is_retracted for _, is_retracted in shown(store)] == [True]


async def test_of_two_open_outages_the_banner_has_the_other_once_one_is_resolved(
    store: Store, desk: Desk, pages: Destinations
) -> None:
    ids = []
    for text in ("Payments fail", "Logging in fails"):
        outage, notice = an_outage(store, text, FEED, BANNER)
        sent(store, notice, pages)
        await deliver(desk, pages)
        ids.append(outage.id)
    assert banner_texts(store) == {"en": "Logging in fails"}
    for outage_id, text, left in zip(
        ids[::-1], ("Logging in works.", "Paying works."), (True, False), strict=True
    ):
        told(store, outage_id, text, pages, kind=NoticeKind.RESOLUTION, phase=Phase.RESOLVED)
        await deliver(desk, pages)
        assert (do(store, current_banner) is not None) is left
        if left:
            assert banner_texts(store) == {"en": "Payments fail"}
    assert [text for text, _ in shown(store)] == [
        "Paying works.",
        "Logging in works.",
        "Logging in fails",
        "Payments fail",
    ]
    assert {one.outage_id: one.is_open for one in feed(store)} == dict.fromkeys(ids, False)
