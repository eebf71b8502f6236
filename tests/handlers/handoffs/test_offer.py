"""Accept a move: one offer by one agent, whose line is written where the customer reads it."""

from dataclasses import replace

import pytest

from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.cases.preconditions import ReplyUnsettled
from domain.errors import Refused
from domain.handoffs.handoff import HandoffState, Proof
from domain.records.audit import Action
from domain.venues import Venue
from handlers.cases.resolution import snooze
from handlers.cases.views import view_case
from handlers.chat.link import open_session
from handlers.handoffs.arrival import return_to_public
from handlers.handoffs.expiry import remind_and_expire_offers
from handlers.handoffs.form import HandoffAccepted
from handlers.replies.results import record_failed
from handlers.replies.retries import retry_reply
from storage.engine import Store
from tests.domain.made import RULES
from tests.handlers.handoffs.made import (
    LATER,
    a_submission,
    handoff_of,
    handoffs,
    in_private,
    offered,
    submit,
)
from tests.handlers.made import (
    HOUR,
    MIA,
    MINUTE,
    NOW,
    SAM,
    a_stored_case,
    case_of,
    do,
    in_parallel,
    messages,
    queued,
    trail,
)


def test_an_offer_stores_a_public_offer_a_handoff_and_an_audit_entry(store: Store) -> None:
    case = a_stored_case(store)
    submission = a_submission(store, case, Venue.CHAT)
    result = submit(store, replace(submission, text=f" {submission.text}\n"), rules=RULES)
    assert isinstance(result, HandoffAccepted)
    message = messages(store, case.id)[-1]
    assert (message.text, message.venue, message.reply_to_id, message.rules_version, message.delivery) == (
        submission.text,
        Venue.PUBLIC,
        case.reply_to_id,
        "7",
        Delivery.QUEUED,
    )
    offer = handoff_of(store, result.handoff.id)
    assert (offer.state, offer.message_id, offer.offered_by, offer.nonce) == (
        HandoffState.OFFERED,
        message.id,
        SAM,
        submission.nonce,
    )
    assert (offer.remind_at, offer.expires_at) == (LATER + 30 * MINUTE, LATER + 24 * HOUR)
    after = case_of(store, case.id)
    assert (after.state, after.claimed_by) == (CaseState.WAITING, SAM)
    entry = trail(store, case.id)[-1]
    assert (entry.actor, entry.action, entry.version) == (SAM, Action.OFFERED, after.version)
    assert entry.detail == {
        "handoff": offer.id,
        "venue": "chat",
        "via": "public",
        "text": submission.text,
        "rules": "7",
        "seen": submission.seen,
        "confirmed": [],
    }
    assert [row["payload"]["message_id"] for row in queued(store, "send_reply")] == [message.id]


def test_a_double_click_is_one_offer(store: Store) -> None:
    case = a_stored_case(store)
    submission = a_submission(store, case, Venue.CHAT)
    results = in_parallel([lambda: submit(store, submission)] * 3)
    assert [isinstance(result, HandoffAccepted) for result in results] == [True] * 3
    assert len(handoffs(store, case)) == 1
    assert len(queued(store, "send_reply")) == 1


def test_of_two_concurrent_offers_one_is_refused(store: Store) -> None:
    case = a_stored_case(store)
    moves = [a_submission(store, case, Venue.CHAT, user_id=who, nonce=who) for who in (SAM, MIA)]
    results = in_parallel([lambda: submit(store, moves[0]), lambda: submit(store, moves[1])])
    assert [isinstance(result, HandoffAccepted) for result in results].count(True) == 1
    assert [isinstance(result, ReplyUnsettled) for result in results].count(True) == 1
    assert len(handoffs(store, case)) == 1


def test_a_new_offer_replaces_the_one_before(store: Store) -> None:
    case = a_stored_case(store)
    offered(store, case, Venue.CHAT)
    offered(store, case, Venue.DM)
    assert handoffs(store, case) == [("chat", "replaced", None), ("dm", "offered", None)]


def test_an_offer_from_a_private_venue_is_written_there_and_moves_nothing_yet(store: Store) -> None:
    case, there = in_private(store, venue=Venue.DM)
    offer = offered(store, case, Venue.CHAT)
    message = messages(store, case.id)[-1]
    assert (message.venue, message.handoff_id, offer.message_id) == (Venue.DM, there.id, message.id)
    assert [row["payload"]["message_id"] for row in queued(store, "send_private")] == [message.id]
    view = do(store, view_case, case_id=case.id, now=LATER)
    assert (view.handoff, view.offered) == (there, offer)
    do(store, remind_and_expire_offers, now=LATER + 24 * HOUR)
    assert [state for _, state, _ in handoffs(store, case)] == ["arrived", "expired"]
    view = do(store, view_case, case_id=case.id, now=LATER)
    assert (view.handoff, view.offered) == (there, None)


@pytest.mark.parametrize("is_verified", [True, False])
def test_a_verified_person_stays_verified_by_a_link_that_was_given_to_them_alone(
    store: Store, is_verified: bool
) -> None:
    case, there = in_private(store)
    assert there.proof is Proof.SAME_ACCOUNT
    if not is_verified:
        with store.unit_of_work() as uow:
            uow.handoffs.save(replace(there, proof=None))
            uow.cases.save(uow.cases.get(case.id))
    given = offered(store, case, Venue.CHAT)
    with store.unit_of_work() as uow:
        came = open_session(uow, nonce=given.nonce, secret_hash="a", known_hash=None, now=LATER)
    assert handoff_of(store, came.handoff_id).proof is (Proof.SAME_ACCOUNT if is_verified else None)


def test_a_public_link_verifies_nobody(store: Store) -> None:
    given = offered(store, a_stored_case(store), Venue.CHAT)
    with store.unit_of_work() as uow:
        open_session(uow, nonce=given.nonce, secret_hash="a", known_hash=None, now=LATER)
    assert not handoff_of(store, given.id).is_verified


def test_a_failed_offer_can_be_retried_while_its_offer_stands(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT, sent=False)
    message = messages(store, case.id)[-1]
    do(store, record_failed, message_id=message.id, reason="no credit", now=LATER)
    assert handoff_of(store, offer.id).state is HandoffState.OFFERED
    do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)
    do(store, record_failed, message_id=message.id, reason="no credit", now=LATER)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    with pytest.raises(Refused, match="that offer has ended"):
        do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)


def test_a_snoozed_case_wakes_with_the_offer(store: Store) -> None:
    case = a_stored_case(store)
    do(store, snooze, case_id=case.id, version=None, until=LATER + HOUR, user_id=SAM, now=NOW)
    offered(store, case, Venue.CHAT, sent=False)
    after = case_of(store, case.id)
    assert (after.state, after.snoozed_until) == (CaseState.WAITING, None)
