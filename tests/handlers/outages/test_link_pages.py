"""Load links page by page, and for a case's Details."""

import pytest

from domain.intake.posts import Author
from domain.outages.lifecycle import Actor, RightMissing
from domain.outages.links import LinkPage, LinkState
from handlers.cases.views import view_details
from handlers.outages import link_pages
from handlers.outages.link_pages import load_link_page, load_link_rows
from handlers.outages.links import undo_chosen_links
from storage.engine import Store
from tests.handlers.made import KAI, NOW, SAM, a_stored_case, case_of, do
from tests.handlers.outages.made import SAM_MAY
from tests.handlers.outages.test_links import announced, confirm, propose

NOBODY = Actor(user_id=KAI, rights=frozenset())


def crowd(store: Store, number: int) -> list[int]:
    return [
        a_stored_case(store, author=Author(id=f"c{n}", handle=f"c{n}", name="", followers=1)).id
        for n in range(number)
    ]


def page(store: Store, outage_id: int, number: int, state: LinkState = LinkState.PROPOSED) -> LinkPage:
    found: LinkPage = do(store, load_link_page, outage_id=outage_id, state=state, page=number, reader=SAM)
    return found


def test_links_are_shown_page_by_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_pages, "PAGE_SIZE", 2)
    ids = crowd(store, 5)
    outage_id = announced(store)
    propose(store)
    shown = [page(store, outage_id, number) for number in range(3)]
    assert sorted(row.case.id for one in shown for row in one.rows) == ids
    assert [one.has_more for one in shown] == [True, True, False]
    assert [one.total for one in shown] == [5, 5, 5]
    assert page(store, outage_id, 9).page == 0
    assert shown[0].rows[0].message.case_id == shown[0].rows[0].case.id


def test_only_links_that_are_still_in_the_state_are_chosen(store: Store) -> None:
    ids = crowd(store, 3)
    outage_id = announced(store)
    propose(store)
    confirm(store, outage_id, case_of(store, ids[0]))
    chosen = do(
        store,
        load_link_rows,
        outage_id=outage_id,
        case_ids=[*ids, 99],
        state=LinkState.PROPOSED,
        reader=SAM,
    )
    assert [row.case.id for row in chosen.rows] == ids[1:]


def test_several_links_are_undone_with_the_right_to_draft_only(store: Store) -> None:
    ids = crowd(store, 2)
    outage_id = announced(store)
    propose(store)
    with pytest.raises(RightMissing):
        do(store, undo_chosen_links, outage_id=outage_id, case_ids=ids, actor=NOBODY, now=NOW)
    assert do(store, undo_chosen_links, outage_id=outage_id, case_ids=ids[:1], actor=NOBODY, now=NOW) == 1
    assert do(store, undo_chosen_links, outage_id=outage_id, case_ids=ids, actor=SAM_MAY, now=NOW) == 1


def test_details_show_what_a_case_may_belong_to(store: Store) -> None:
    [case_id] = crowd(store, 1)
    outage_id = announced(store)
    propose(store)
    view, _ = do(store, view_details, case_id=case_id, now=NOW)
    assert [one.outage.id for one in view.may_belong_to] == [outage_id]
    assert view.can_link
    confirm(store, outage_id, case_of(store, case_id))
    view, _ = do(store, view_details, case_id=case_id, now=NOW)
    assert view.outage is not None
    assert (view.outage.outage.id, list(view.may_belong_to), view.can_link) == (outage_id, [], False)
