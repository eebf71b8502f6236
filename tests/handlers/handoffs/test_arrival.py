"""Record arrivals and return conversations to public: once each, also under concurrency."""

from dataclasses import replace

import pytest

from domain.cases.case import CaseState
from domain.chat.topics import chat_topic
from domain.errors import AlreadyClosed, AssignedToAnother, Refused
from domain.handoffs.handoff import HandoffState, InvalidTransition, Proof
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from handlers.cases.assignment import claim, release
from handlers.cases.resolution import resolve
from handlers.handoffs.arrival import record_arrival, return_to_public
from handlers.handoffs.email_capture import InvitationState, submit_address
from handlers.handoffs.expiry import remind_and_expire_offers
from storage.engine import Store
from tests.handlers.handoffs.made import (
    LATER,
    OFFER_EXPIRES,
    handoff_of,
    handoffs,
    in_private,
    incoming_mail,
    ingest_message,
    offered,
)
from tests.handlers.made import (
    MIA,
    NOW,
    SAM,
    a_stored_case,
    audit_actions,
    case_of,
    do,
    in_parallel,
    notified_people,
)

# --- arriving ---------------------------------------------------------------------------------


def test_who_takes_up_an_offer_is_there_and_the_assignee_hears_of_it_once(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT)
    for _ in range(2):
        there = do(store, record_arrival, offer.id, address="chat.1", now=LATER)
    assert (there.state, there.arrived_at, there.address, there.is_verified) == (
        HandoffState.ARRIVED,
        LATER,
        "chat.1",
        False,
    )
    assert [action for _, action, _ in audit_actions(store, case.id)].count(Action.ARRIVED) == 1
    assert notified_people(store) == [(SAM, "arrived")]


def test_an_address_that_comes_after_the_case_was_closed_opens_it_again(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.EMAIL)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    do(store, submit_address, nonce=offer.nonce, address="ana@example.com", now=LATER)
    found = case_of(store, case.id)
    assert (found.state, found.waiting_since, found.reopened_at) == (CaseState.OPEN, LATER, LATER)
    assert (found.closed_by, found.closed_at) == (None, None)


def test_an_address_that_we_know_is_changed_by_no_one_who_has_the_link(store: Store) -> None:
    offer = offered(store, a_stored_case(store), Venue.EMAIL, address="ana@example.com")
    before = do(store, submit_address, nonce=offer.nonce, address="eve@example.com", now=LATER)
    assert before.state is InvitationState.USED
    assert handoff_of(store, offer.id).address == "ana@example.com"


def test_an_arrival_in_an_unclaimed_case_notifies_who_offered(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT, user_id=MIA)
    do(store, release, case_id=case.id, user_id=MIA, now=LATER)
    do(store, record_arrival, offer.id, now=LATER)
    assert notified_people(store) == [(MIA, "arrived")]


def test_of_an_arrival_that_nobody_offered_nobody_is_told(store: Store) -> None:
    case, there = in_private(store)
    do(store, release, case_id=case.id, user_id=SAM, now=LATER)
    with store.unit_of_work() as uow:
        uow.handoffs.save(replace(there, offered_by=SYSTEM, state=HandoffState.RETURNED))
    before = notified_people(store)
    came = do(store, record_arrival, there.id, wrote=True, now=LATER)
    assert (came.state, notified_people(store)) == (HandoffState.ARRIVED, before)


def test_an_address_or_a_proof_that_comes_later_is_no_second_arrival(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.EMAIL)
    do(store, record_arrival, offer.id, now=LATER)
    before = case_of(store, case.id).version
    do(store, record_arrival, offer.id, address="Ana@example.com", now=LATER)
    assert case_of(store, case.id).version == before + 1
    do(store, record_arrival, offer.id, proof=Proof.CODE, now=LATER)
    actions = [action for _, action, _ in audit_actions(store, case.id)]
    assert actions[-2:] == [Action.ARRIVED, Action.VERIFIED]
    assert handoff_of(store, offer.id).address == "ana@example.com"


def test_whoever_writes_is_reachable_and_is_written_to_where_they_were_before(store: Store) -> None:
    _, there = in_private(store, venue=Venue.EMAIL)
    with store.unit_of_work() as uow:
        uow.handoffs.save(replace(there, address="ana@example.com", unreachable_at=LATER))
    proven = do(store, record_arrival, there.id, proof=Proof.CODE, now=LATER)
    assert (proven.address, proven.unreachable_at) == ("ana@example.com", LATER)
    wrote = do(store, record_arrival, there.id, address="eve@example.com", wrote=True, now=LATER)
    assert (wrote.address, wrote.unreachable_at) == ("ana@example.com", None)


def test_an_expired_offer_can_still_be_arrived_at(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT)
    do(store, remind_and_expire_offers, now=OFFER_EXPIRES)
    assert do(store, record_arrival, offer.id, now=OFFER_EXPIRES).state is HandoffState.ARRIVED


def test_a_replaced_or_returned_offer_cannot_be_arrived_at(store: Store) -> None:
    case = a_stored_case(store)
    first = offered(store, case, Venue.CHAT)
    second = offered(store, case, Venue.EMAIL)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    for offer in (first, second):
        with pytest.raises(InvalidTransition):
            do(store, record_arrival, offer.id, now=LATER)
    assert handoffs(store, case) == [("chat", "replaced", None), ("email", "returned", None)]


def test_a_new_offer_leaves_the_conversation_where_it_is_until_it_is_taken_up(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    chat = offered(store, case, Venue.CHAT)
    assert [state for _, state, _ in handoffs(store, case)] == ["arrived", "offered"]
    do(store, record_arrival, chat.id, now=LATER)
    assert [state for _, state, _ in handoffs(store, case)] == ["replaced", "arrived"]


def test_concurrent_arrivals_are_one(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT)
    came = in_parallel([lambda: do(store, record_arrival, offer.id, now=LATER)] * 3)
    assert came == [handoff_of(store, offer.id)] * 3
    assert [action for _, action, _ in audit_actions(store, case.id)].count(Action.ARRIVED) == 1


# --- return to public -------------------------------------------------------------------------


def test_returning_to_public_ends_the_arrived_and_the_offered_handoff(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    offered(store, case, Venue.CHAT)
    back = do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    assert [state for _, state, _ in handoffs(store, case)] == ["returned", "returned"]
    assert audit_actions(store, case.id)[-1] == (SAM, Action.RETURNED, back.version)
    with pytest.raises(Refused, match="public already"):
        do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)


def test_returning_is_refused_in_somebody_elses_case(store: Store) -> None:
    case, _ = in_private(store)
    with pytest.raises(AssignedToAnother):
        do(store, return_to_public, case_id=case.id, user_id=MIA, now=LATER)


def test_a_closed_conversation_does_not_return(store: Store) -> None:
    case, _ = in_private(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    with pytest.raises(AlreadyClosed):
        do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)


def test_a_case_that_began_in_private_cannot_return_to_public(store: Store) -> None:
    message = ingest_message(store, incoming_mail())
    assert message is not None
    with pytest.raises(Refused, match="no post to go back to"):
        do(store, return_to_public, case_id=message.case_id, user_id=SAM, now=LATER)


# --- pub/sub ----------------------------------------------------------------------------------


def test_an_arrival_signals_the_chat_page(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    offer = offered(store, case, Venue.CHAT)
    with store.unit_of_work() as uow:
        record_arrival(uow, offer.id, now=LATER)
        assert uow.signals.sent == {chat_topic(offer.id)}
    with store.unit_of_work() as uow:
        return_to_public(uow, case_id=case.id, user_id=SAM, now=LATER)
        assert uow.signals.sent == {chat_topic(offer.id)}
