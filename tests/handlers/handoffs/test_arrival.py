"""Who came where, who they are, and how the conversation comes back: told once, whoever else is at it just then."""

import pytest
from sqlalchemy.event import listens_for, remove

from domain.chat.topics import chat_topic
from domain.errors import AlreadyClosed, HeldByAnother, Refused
from domain.handoffs.handoff import Handoff, HandoffState, InvalidTransition, Proof
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from handlers.cases.assignment import claim, release
from handlers.cases.resolution import resolve
from handlers.handoffs.arrival import record_arrival, return_to_public
from handlers.handoffs.expiry import remind_and_expire_offers
from handlers.handoffs.verification import verify_by_code
from handlers.replies.results import record_failed
from storage.engine import Store
from tests.handlers.handoffs.made import (
    LATER,
    a_mail,
    agent_verifies,
    handoff_of,
    handoffs,
    in_private,
    listen,
    offered,
)
from tests.handlers.made import (
    ANA,
    BEN,
    HOUR,
    MIA,
    MINUTE,
    NOW,
    SAM,
    a_stored_case,
    at_once,
    case_of,
    do,
    messages,
    queued,
    told,
    trail,
)

REMINDED = LATER + 30 * MINUTE
OVER = LATER + 24 * HOUR


def people_told(store: Store) -> list[tuple[str, str]]:
    return [(row["payload"]["user_id"], row["payload"]["action"]) for row in queued(store, "tell_person")]


# --- arriving -------------------------------------------------------------------------------------------------------------------


def test_who_takes_up_an_offer_is_there_and_the_claimer_hears_of_it_once(store: Store) -> None:
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
    assert [action for _, action, _ in told(store, case.id)].count(Action.ARRIVED) == 1
    assert people_told(store) == [(SAM, "arrived")]


def test_whoever_offered_hears_of_it_where_nobody_holds_the_case(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT, user_id=MIA)
    do(store, release, case_id=case.id, user_id=MIA, now=LATER)
    do(store, record_arrival, offer.id, now=LATER)
    assert people_told(store) == [(MIA, "arrived")]


def test_an_address_or_a_proof_that_comes_later_is_no_second_arrival(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.EMAIL)
    do(store, record_arrival, offer.id, now=LATER)
    before = case_of(store, case.id).version
    do(store, record_arrival, offer.id, address="Ana@example.com", now=LATER)
    assert case_of(store, case.id).version == before + 1
    do(store, record_arrival, offer.id, proof=Proof.CODE, now=LATER)
    actions = [action for _, action, _ in told(store, case.id)]
    assert actions[-2:] == [Action.ARRIVED, Action.VERIFIED]
    assert handoff_of(store, offer.id).address == "ana@example.com"


def test_an_offer_that_expired_lets_the_customer_in_all_the_same(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT)
    do(store, remind_and_expire_offers, now=OVER)
    assert do(store, record_arrival, offer.id, now=OVER).state is HandoffState.ARRIVED


def test_an_offer_that_was_replaced_or_taken_back_does_not(store: Store) -> None:
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


def test_two_browsers_at_the_same_moment_are_one_arrival(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT)
    came = at_once([lambda: do(store, record_arrival, offer.id, now=LATER)] * 3)
    assert came == [handoff_of(store, offer.id)] * 3
    assert [action for _, action, _ in told(store, case.id)].count(Action.ARRIVED) == 1


# --- who it is ------------------------------------------------------------------------------------------------------------------


def test_an_agent_says_who_it_is_with_a_reason_that_the_trail_keeps(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    assert not there.is_verified
    known = agent_verifies(store, case, there, user_id=MIA, reason=" she knew her order ")
    assert (known.proof, known.verified_by, known.verified_reason) == (Proof.AGENT, MIA, "she knew her order")
    entry = trail(store, case.id)[-1]
    assert (entry.actor, entry.action, entry.detail["reason"]) == (
        MIA,
        Action.VERIFIED,
        "she knew her order",
    )
    assert people_told(store)[-1] == (SAM, "verified")
    again = agent_verifies(store, case, there, reason="me too")
    assert again == known
    assert trail(store, case.id)[-1] == entry


def test_nobody_is_verified_without_a_reason_before_they_came_or_in_a_closed_case(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT)

    def verify(reason: str = "her voice") -> object:
        return agent_verifies(store, case, offer, reason=reason)

    with pytest.raises(Refused, match="nobody has arrived"):
        verify()
    do(store, record_arrival, offer.id, now=LATER)
    with pytest.raises(Refused, match="no reason"):
        verify(" \n")
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    with pytest.raises(AlreadyClosed):
        verify()


def test_who_is_there_is_verified_not_who_was_offered_something_else(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    mail = offered(store, case, Venue.EMAIL)
    with pytest.raises(Refused, match="has moved since this form was opened"):
        agent_verifies(store, case, mail, reason="her")
    agent_verifies(store, case, there, reason="her voice")
    assert handoff_of(store, there.id).is_verified
    assert not handoff_of(store, mail.id).is_verified


def by_code(store: Store, handoff: Handoff, *, author_id: str = ANA.id, network: str = "x") -> bool:
    found = do(store, verify_by_code, handoff_id=handoff.id, network=network, author_id=author_id, now=LATER)
    return found is not None


def test_the_code_counts_from_the_authors_own_account_only(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    assert not by_code(store, there, author_id=BEN.id)
    assert not by_code(store, there, network="mastodon")
    assert not handoff_of(store, there.id).is_verified
    assert by_code(store, there)
    assert handoff_of(store, there.id).proof is Proof.CODE
    assert told(store, case.id)[-1][:2] == (SYSTEM, Action.VERIFIED)
    version = case_of(store, case.id).version
    assert by_code(store, there)
    assert case_of(store, case.id).version == version


def test_a_code_of_a_conversation_that_is_over_shows_nothing(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    assert not by_code(store, there)


# --- back to public -------------------------------------------------------------------------------------------------------------


def test_back_to_public_ends_where_they_are_and_what_was_offered(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    offered(store, case, Venue.CHAT)
    back = do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    assert [state for _, state, _ in handoffs(store, case)] == ["returned", "returned"]
    assert told(store, case.id)[-1] == (SAM, Action.RETURNED, back.version)
    with pytest.raises(Refused, match="public already"):
        do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)


def test_somebody_elses_conversation_is_not_taken_back(store: Store) -> None:
    case, _ = in_private(store)
    with pytest.raises(HeldByAnother):
        do(store, return_to_public, case_id=case.id, user_id=MIA, now=LATER)


def test_what_began_in_private_has_no_public_to_go_back_to(store: Store) -> None:
    message = listen(store, a_mail())
    assert message is not None
    with pytest.raises(Refused, match="no post to go back to"):
        do(store, return_to_public, case_id=message.case_id, user_id=SAM, now=LATER)


# --- offers that nobody takes up ------------------------------------------------------------------------------------------------


def test_nobody_is_reminded_of_an_offer_that_the_customer_was_never_told_of(store: Store) -> None:
    case = a_stored_case(store)
    offered(store, case, Venue.CHAT, sent=False)
    do(store, record_failed, message_id=messages(store, case.id)[-1].id, reason="no credit", now=LATER)
    do(store, remind_and_expire_offers, now=LATER + 31 * MINUTE)
    do(store, remind_and_expire_offers, now=LATER + 24 * HOUR)
    assert [who for who in people_told(store) if who[1].startswith("offer")] == [(SAM, "offer_expired")]
    assert trail(store, case.id)[-1].detail["untold"] is True


def test_an_offer_is_reminded_of_once_and_then_expires(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT)
    minded = [
        do(store, remind_and_expire_offers, now=now)
        for now in (REMINDED - MINUTE, REMINDED, REMINDED, OVER, OVER)
    ]
    assert minded == [0, 1, 0, 1, 0]
    assert people_told(store) == [(SAM, "offer_reminded"), (SAM, "offer_expired")]
    after = handoff_of(store, offer.id)
    assert (after.state, after.ended_at) == (HandoffState.EXPIRED, OVER)


def test_nobody_is_told_of_the_offers_of_a_closed_case(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    before = trail(store, case.id)
    assert do(store, remind_and_expire_offers, now=REMINDED) == 1
    assert trail(store, case.id) == before
    assert do(store, remind_and_expire_offers, now=OVER) == 1
    assert handoff_of(store, offer.id).state is HandoffState.EXPIRED
    assert people_told(store) == []


def test_an_offer_that_is_taken_up_while_it_is_minded_stays_taken_up(postgres: Store) -> None:
    """Another copy of the bot lets the customer in between the look at what is due and the look at the case."""
    case = a_stored_case(postgres)
    offer = offered(postgres, case, Venue.CHAT)
    looks: list[str] = []

    def come(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "expires_at <=" in statement and not looks:
            looks.append(statement)
            do(postgres, record_arrival, offer.id, now=OVER)

    listens_for(postgres.engine, "after_cursor_execute")(come)
    try:
        assert do(postgres, remind_and_expire_offers, now=OVER) == 0
    finally:
        remove(postgres.engine, "after_cursor_execute", come)
    assert looks
    assert handoff_of(postgres, offer.id).state is HandoffState.ARRIVED


def test_whoever_shows_the_conversation_is_woken(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    offer = offered(store, case, Venue.CHAT)
    with store.unit_of_work() as uow:
        record_arrival(uow, offer.id, now=LATER)
        assert uow.signals.sent == {chat_topic(offer.id)}
    with store.unit_of_work() as uow:
        return_to_public(uow, case_id=case.id, user_id=SAM, now=LATER)
        assert uow.signals.sent == {chat_topic(offer.id)}
