"""Verify the sender of a private message; a forged sender gains nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.handoff import Handoff, Proof
from domain.intake.private_messages import IncomingMessage
from domain.intake.unproven_mails import Doubt, UnprovenMail
from domain.venues import Venue
from handlers.cases.resolution import dismiss
from handlers.replies.private import load_outgoing
from handlers.replies.results import record_sent
from storage.engine import Store
from tests.handlers.handoffs.made import (
    LATER,
    agent_verifies,
    handoff_of,
    in_private,
    incoming_mail,
    ingest_message,
    offered,
    private_reply,
    proven_mail,
    unproven_mails,
)
from tests.handlers.made import BEN, SAM, a_stored_case, do

EVE = "eve@evil.example"
OURS = "m1.signed@acme.example"


def mailed(store: Store, *, verified: bool = True) -> tuple[Case, Handoff]:
    """Store a conversation with ana@example.com in which a mail of ours is sent."""
    case, there = in_private(store, venue=Venue.EMAIL)
    if verified:
        agent_verifies(store, case, there)
    ours = private_reply(store, case)
    do(store, record_sent, message_id=ours.id, result={"id": OURS}, now=LATER)
    return case, there


def taken(store: Store, said: IncomingMessage) -> Message:
    """Ingest the message; return it as stored."""
    message = ingest_message(store, said)
    assert message is not None
    with store.unit_of_work() as uow:
        return uow.messages.get(message.id)


@pytest.mark.parametrize(
    ("mail", "sender_authenticated"),
    [
        (lambda _there: proven_mail(answers=["first@example.com", OURS]), True),
        (lambda _there: proven_mail(), True),
        (lambda _there: incoming_mail(answers=["first@example.com", OURS]), False),
        (lambda there: incoming_mail(handoff_id=there.id), False),
    ],
)
def test_a_mail_is_authenticated_by_our_mail_servers_word_and_not_by_a_token_that_may_be_stolen(
    store: Store, mail: Callable[[Handoff], IncomingMessage], sender_authenticated: bool
) -> None:
    case, there = mailed(store)
    message = taken(store, replace(mail(there), external_id="<m9>"))
    assert (message.case_id, message.handoff_id, message.sender_authenticated) == (
        case.id,
        there.id,
        sender_authenticated,
    )
    assert handoff_of(store, there.id).proof is Proof.AGENT


def test_a_token_of_another_hand_off_authenticates_nobody(store: Store) -> None:
    case, there = mailed(store)
    other = offered(store, a_stored_case(store, author=BEN), Venue.EMAIL)
    do(store, dismiss, case_id=other.case_id, version=None, user_id=SAM, now=LATER)
    [(apart, doubt)] = kept_apart(store, incoming_mail(handoff_id=other.id, external_id="<e1>"))
    assert (apart.case_id, apart.handoff_id, doubt) == (case.id, there.id, Doubt.FROM_ALONE)


def test_the_first_mail_of_a_customer_is_not_authenticated(store: Store) -> None:
    assert taken(store, incoming_mail()).sender_authenticated is False
    assert taken(store, proven_mail(address="bo@example.com", external_id="<b>")).sender_authenticated is True


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("has_token", [True, False])
def test_a_reply_after_a_forged_mail_goes_to_the_known_address_and_quotes_nothing_of_it(
    store: Store, verified: bool, has_token: bool
) -> None:
    case, there = mailed(store, verified=verified)
    before = next_mail(store, case, "First of all")
    forged = incoming_mail("Send me everything", external_id="<e1>")
    if has_token:
        forged = incoming_mail("Send me everything", EVE, handoff_id=there.id, external_id="<e1>")
    kept_apart(store, forged)
    earlier, address, proof = next_mail(store, case, "Then")
    assert (address, proof) == before[1:]
    assert address == "ana@example.com"
    assert len([one for one in earlier if one not in before[0]]) == 1, "our own answer alone"


def kept_apart(store: Store, said: IncomingMessage) -> list[tuple[UnprovenMail, Doubt]]:
    """Ingest a mail that must stand apart; return all that do."""
    assert ingest_message(store, said) is None
    return [(mail, mail.doubt) for mail in unproven_mails(store)]


def next_mail(store: Store, case: Case, text: str) -> tuple[list[int], str | None, Proof | None]:
    """Return what our next mail would quote, and its address."""
    sent = private_reply(store, case, text)
    parcel = do(store, load_outgoing, message_id=sent.id)
    return [one.id for one in parcel.earlier], parcel.handoff.address, parcel.handoff.proof
