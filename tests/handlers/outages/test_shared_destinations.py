"""Give a destination what it keeps of the other open outages, so that the end of one spares the other."""

from collections.abc import Mapping
from typing import Any

from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageState
from handlers.outages.dispatches import Dispatch, load_dispatch
from handlers.outages.results import record_published, record_retracted
from storage.engine import Store
from tests.handlers.made import NOW
from tests.handlers.outages.made import (
    ListDestination,
    a_notice,
    an_outage,
    content,
    destinations,
    sent,
)

WHERE = destinations(page=ListDestination(), other=ListDestination())


def announced(store: Store, kept: Mapping[str, Any]) -> int:
    """Announce an outage of which the page keeps something; return its id."""
    outage, notice = an_outage(store)
    sent(store, notice, WHERE)
    publish(store, outage.id, kept)
    return outage.id


def publish(store: Store, outage_id: int, kept: Mapping[str, Any], place: str = "") -> None:
    """Record that the outage's newest notice arrived on the page, at a place of its own if none is given."""
    with store.unit_of_work() as uow:
        newest = [one for one in uow.publications.of_outage(outage_id) if one.destination == "page"][-1]
        result = {"id": place or f"p{newest.id}", "url": None, "data": dict(kept)}
        record_published(uow, publication_id=newest.id, result=result, now=NOW)


def dispatch(store: Store, outage_id: int) -> Dispatch:
    with store.unit_of_work() as uow:
        newest = [one for one in uow.publications.of_outage(outage_id) if one.destination == "page"][-1]
        return load_dispatch(uow, publication_id=newest.id)


def follow(store: Store, outage_id: int, kind: NoticeKind, corrects: int | None = None) -> None:
    """Release a further notice of an outage, which has not arrived yet."""
    notice = a_notice(store, outage_id, kind, content(f"Half of it, {kind}."), corrects=corrects)
    sent(store, notice, WHERE)


def test_the_newest_that_is_kept_of_each_other_open_outage_is_given(store: Store) -> None:
    first, second = announced(store, {"at": "first"}), announced(store, {"at": "second"})
    assert dispatch(store, first).notice.others == ({"at": "second"},)
    assert dispatch(store, second).notice.others == ({"at": "first"},)
    follow(store, second, NoticeKind.UPDATE)
    assert dispatch(store, first).notice.others == ({"at": "second"},), "the update has not arrived yet"
    publish(store, second, {"at": "second, updated"})
    assert dispatch(store, first).notice.others == ({"at": "second, updated"},)
    assert dispatch(store, first).newest.others == ({"at": "second, updated"},), "for a deletion"


def test_a_text_that_was_edited_in_keeps_nothing_newer(store: Store) -> None:
    first, second = announced(store, {"at": "first"}), announced(store, {"at": "second"})
    with store.unit_of_work() as uow:
        opening = next(one for one in uow.publications.of_outage(second) if one.destination == "page")
    follow(store, second, NoticeKind.UPDATE)
    publish(store, second, {"at": "second, updated"})
    follow(store, second, NoticeKind.CORRECTION, corrects=opening.notice_id)
    publish(store, second, {"at": "second"}, place=f"p{opening.id}")
    assert dispatch(store, first).notice.others == ({"at": "second, updated"},)


def test_an_update_that_was_deleted_left_the_page_as_it_made_it(store: Store) -> None:
    first, second = announced(store, {"at": "first"}), announced(store, {"at": "second"})
    follow(store, second, NoticeKind.UPDATE)
    publish(store, second, {"at": "second, updated"})
    with store.unit_of_work() as uow:
        opening, updated = [one for one in uow.publications.of_outage(second) if one.destination == "page"]
        record_retracted(uow, publication_id=updated.id, is_one_entry=True, now=NOW)
    assert dispatch(store, first).notice.others == ({"at": "second, updated"},)
    with store.unit_of_work() as uow:
        record_retracted(uow, publication_id=opening.id, is_one_entry=True, now=NOW)
    assert dispatch(store, first).notice.others == (), "nothing of it is there any more"


def test_of_an_outage_that_is_over_nothing_is_given(store: Store) -> None:
    first, second = announced(store, {"at": "first"}), announced(store, {"at": "second"})
    with store.unit_of_work() as uow:
        uow.outages.save(uow.outages.get(second).changed(state=OutageState.RESOLVED, resolved_at=NOW))
    assert dispatch(store, first).notice.others == ()
