"""Remind of an offer once and expire it when its time is up."""

from sqlalchemy.event import listens_for, remove

from domain.handoffs.handoff import HandoffState
from domain.venues import Venue
from handlers.cases.assignment import release
from handlers.cases.resolution import resolve
from handlers.handoffs.arrival import record_arrival
from handlers.handoffs.expiry import remind_and_expire_offers
from handlers.replies.results import record_failed
from storage.engine import Store
from tests.handlers.handoffs.made import (
    LATER,
    OFFER_EXPIRES,
    REMINDER_DUE,
    handoff_of,
    offered,
)
from tests.handlers.made import (
    HOUR,
    MIA,
    MINUTE,
    SAM,
    a_stored_case,
    do,
    messages,
    notified_people,
    trail,
)


def test_an_offer_whose_text_was_not_sent_is_not_reminded_of(store: Store) -> None:
    case = a_stored_case(store)
    offered(store, case, Venue.CHAT, sent=False)
    do(store, record_failed, message_id=messages(store, case.id)[-1].id, reason="no credit", now=LATER)
    do(store, remind_and_expire_offers, now=LATER + 31 * MINUTE)
    do(store, remind_and_expire_offers, now=LATER + 24 * HOUR)
    assert [who for who in notified_people(store) if who[1].startswith("offer")] == [(SAM, "offer_expired")]
    assert trail(store, case.id)[-1].detail["untold"] is True


def test_an_offer_is_reminded_of_once_and_then_expires(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT)
    counts = [
        do(store, remind_and_expire_offers, now=now)
        for now in (REMINDER_DUE - MINUTE, REMINDER_DUE, REMINDER_DUE, OFFER_EXPIRES, OFFER_EXPIRES)
    ]
    assert counts == [0, 1, 0, 1, 0]
    assert notified_people(store) == [(SAM, "offer_reminded"), (SAM, "offer_expired")]
    after = handoff_of(store, offer.id)
    assert (after.state, after.ended_at) == (HandoffState.EXPIRED, OFFER_EXPIRES)


def test_who_offered_is_reminded_where_nobody_has_the_case(store: Store) -> None:
    case = a_stored_case(store)
    offered(store, case, Venue.CHAT, user_id=MIA)
    do(store, release, case_id=case.id, user_id=MIA, now=LATER)
    do(store, remind_and_expire_offers, now=REMINDER_DUE)
    assert notified_people(store) == [(MIA, "offer_reminded")]


def test_the_offers_of_a_closed_case_notify_nobody(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    before = trail(store, case.id)
    assert do(store, remind_and_expire_offers, now=REMINDER_DUE) == 1
    assert trail(store, case.id) == before
    assert do(store, remind_and_expire_offers, now=OFFER_EXPIRES) == 1
    assert handoff_of(store, offer.id).state is HandoffState.EXPIRED
    assert notified_people(store) == []


def test_an_arrival_during_the_expiry_run_is_kept(postgres: Store) -> None:
    """Another process records the arrival between the query for due offers and the load of the case."""
    case = a_stored_case(postgres)
    offer = offered(postgres, case, Venue.CHAT)
    looks: list[str] = []

    def arrive_meanwhile(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "expires_at <=" in statement and not looks:
            looks.append(statement)
            do(postgres, record_arrival, offer.id, now=OFFER_EXPIRES)

    listens_for(postgres.engine, "after_cursor_execute")(arrive_meanwhile)
    try:
        assert do(postgres, remind_and_expire_offers, now=OFFER_EXPIRES) == 0
    finally:
        remove(postgres.engine, "after_cursor_execute", arrive_meanwhile)
    assert looks
    assert handoff_of(postgres, offer.id).state is HandoffState.ARRIVED
