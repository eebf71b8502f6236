"""Verify the person at the other end: by code from the author's account, or by an agent with a reason."""

import pytest

from domain.errors import AlreadyClosed, Refused
from domain.handoffs.handoff import Handoff, Proof
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from handlers.cases.resolution import resolve
from handlers.handoffs.arrival import record_arrival, return_to_public
from handlers.handoffs.verification import verify_by_code
from storage.engine import Store
from tests.handlers.handoffs.made import (
    LATER,
    agent_verifies,
    handoff_of,
    in_private,
    offered,
)
from tests.handlers.made import (
    ANA,
    BEN,
    MIA,
    SAM,
    a_stored_case,
    audit_actions,
    case_of,
    do,
    notified_people,
    trail,
)


def test_an_agent_verifies_with_a_reason_that_is_audited(store: Store) -> None:
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
    assert notified_people(store)[-1] == (SAM, "verified")
    again = agent_verifies(store, case, there, reason="me too")
    assert again == known
    assert trail(store, case.id)[-1] == entry


def test_verification_needs_a_reason_an_arrival_and_an_open_case(store: Store) -> None:
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


def test_the_arrived_handoff_is_verified_not_a_later_offer(store: Store) -> None:
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
    assert audit_actions(store, case.id)[-1][:2] == (SYSTEM, Action.VERIFIED)
    version = case_of(store, case.id).version
    assert by_code(store, there)
    assert case_of(store, case.id).version == version


def test_the_code_of_an_ended_handoff_verifies_nobody(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    assert not by_code(store, there)
