"""Keep notes of colleagues on a case."""

import pytest

from domain.cases.notes import MAX_LENGTH, EmptyNote
from domain.cases.routing import UNROUTED
from domain.cases.tags import VIP
from domain.records.audit import Action
from domain.records.erasure import CustomerName
from handlers.cases.notes import add_note
from handlers.cases.resolution import resolve
from handlers.cases.tags import tag_customer
from handlers.cases.views import view_case, view_details
from handlers.records.customers import customer_rows, erase_customer, find_customer
from storage.engine import Store
from tests.handlers.made import MIA, MINUTE, NOW, SAM, a_stored_case, do, trail


def test_notes_are_kept_with_author_and_time_and_shown_in_details(store: Store) -> None:
    case = a_stored_case(store)
    do(store, add_note, case_id=case.id, text="  She called <b>twice</b>.\n ", user_id=SAM, now=NOW)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    do(store, add_note, case_id=case.id, text="x" * 9999, user_id=MIA, now=NOW + MINUTE)
    view, _ = do(store, view_details, case_id=case.id, now=NOW)
    assert [(note.author, note.text, note.at) for note in view.notes] == [
        (SAM, "She called <b>twice</b>.", NOW),
        (MIA, "x" * MAX_LENGTH, NOW + MINUTE),
    ]
    assert view.messages == do(store, view_case, case_id=case.id, now=NOW).messages
    entries = [(e.actor, e.detail) for e in trail(store, case.id) if e.action is Action.NOTE_ADDED]
    assert entries == [(SAM, {}), (MIA, {})]


def test_an_empty_note_is_refused(store: Store) -> None:
    with pytest.raises(EmptyNote):
        do(store, add_note, case_id=a_stored_case(store).id, text=" \n", user_id=SAM, now=NOW)


def test_notes_and_customer_tags_are_exported_and_erased_with_the_customer(store: Store) -> None:
    case = a_stored_case(store)
    do(store, add_note, case_id=case.id, text="She called.", user_id=SAM, now=NOW)
    do(store, tag_customer, handle="anaruiz", tag=VIP, reason="400 seats", user_id=SAM, now=NOW)
    name = CustomerName("x", "anaruiz")
    with store.unit_of_work() as uow:
        rows = list(customer_rows(uow, customer=find_customer(uow, name=name)))
    assert {"case_notes", "customer_tags"} <= {table for table, _ in rows}
    do(store, erase_customer, name=name, by="root", now=NOW)
    with store.unit_of_work() as uow:
        assert (uow.notes.of_case(case.id), uow.tags.customers([VIP], limit=9)) == ([], [])
        assert uow.cases.get(case.id).routing == UNROUTED
