"""Write to the customer at the new venue first: sent, it arrives; refused, it is told in public."""

import pytest

from domain.handoffs.handoff import HandoffState, Proof
from domain.handoffs.venue_choice import Obstacle
from domain.venues import Venue
from handlers.handoffs.arrival import return_to_public
from handlers.replies.results import record_failed, record_sent
from handlers.replies.retries import retry_reply
from storage.engine import Store
from tests.handlers.handoffs.made import (
    LATER,
    choices,
    form,
    handoff_of,
    in_private,
    incoming_mail,
    incoming_message,
    ingest_message,
    link_of,
    offered,
    private_reply,
)
from tests.handlers.made import (
    ANA,
    SAM,
    do,
    messages,
)


def test_a_customer_who_wrote_by_direct_message_is_written_to_there(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    shown = form(store, case, chosen=Venue.DM)
    assert (shown.via, "https:" in shown.text, shown.cost, shown.limit) == (Venue.DM, False, None, 10_000)
    offer = offered(store, case, Venue.DM, sent=False)
    assert (offer.state, offer.address, offer.proof) == (HandoffState.OFFERED, ANA.id, Proof.SAME_ACCOUNT)
    message = messages(store, case.id)[-1]
    assert message.handoff_id == offer.id
    do(store, record_sent, message_id=message.id, result={"id": "5"}, now=LATER)
    assert handoff_of(store, offer.id).state is HandoffState.ARRIVED
    assert private_reply(store, case).handoff_id == offer.id


def test_a_closed_inbox_expires_the_offer_and_the_next_offer_is_public(
    store: Store,
) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    offer = offered(store, case, Venue.DM, sent=False)
    message = messages(store, case.id)[-1]
    do(
        store,
        record_failed,
        message_id=message.id,
        reason="they let nobody write to them",
        is_unreachable=True,
        now=LATER,
    )
    assert handoff_of(store, offer.id).state is HandoffState.EXPIRED
    shown = form(store, case, chosen=Venue.DM)
    assert (shown.via, "https://x.example/compose" in shown.text) == (Venue.PUBLIC, True)
    do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)
    do(store, record_sent, message_id=message.id, result={"id": "5"}, now=LATER)
    assert handoff_of(store, offer.id).state is HandoffState.ARRIVED


@pytest.mark.parametrize("venue", [Venue.DM, Venue.EMAIL])
def test_an_unreachable_customer_is_told_in_public_until_they_write_again(store: Store, venue: Venue) -> None:
    case, there = in_private(store, venue=venue)
    message = private_reply(store, case)
    do(store, record_failed, message_id=message.id, reason="closed", is_unreachable=True, now=LATER)
    assert handoff_of(store, there.id).unreachable_at == LATER
    assert (choices(store, case)[venue.value], choices(store, case)["chat"]) == (None, None)
    another = Venue.EMAIL if venue is Venue.DM else Venue.DM
    assert form(store, case).chosen is another, "another way is not the one that was just refused"
    for chosen in (venue, Venue.CHAT):
        shown = form(store, case, chosen=chosen)
        assert (shown.via, link_of(shown) in shown.text) == (Venue.PUBLIC, True)
    again = offered(store, case, venue)
    came = (
        incoming_message(external_id="d2")
        if venue is Venue.DM
        else incoming_mail(external_id="<m2>", handoff_id=there.id)
    )
    ingest_message(store, came)
    if venue is Venue.DM:
        assert choices(store, case)["dm"] == Obstacle.ALREADY_THERE
    assert form(store, case, chosen=Venue.CHAT).via is venue
    private_reply(store, case, "Welcome back")
    assert messages(store, case.id)[-1].handoff_id in {again.id, there.id}


def test_a_temporary_failure_keeps_the_next_offer_in_private(store: Store) -> None:
    case, there = in_private(store)
    message = private_reply(store, case)
    do(store, record_failed, message_id=message.id, reason="busy", now=LATER)
    assert form(store, case, chosen=Venue.CHAT).via is Venue.DM
    do(store, record_failed, message_id=message.id, reason="closed", is_unreachable=True, now=LATER)
    do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)
    do(store, record_sent, message_id=message.id, result={"id": "7"}, now=LATER)
    assert handoff_of(store, there.id).unreachable_at is None


def test_a_mail_goes_to_the_typed_address_unverified(store: Store) -> None:
    case, chat = in_private(store, venue=Venue.CHAT)
    mail = offered(store, case, Venue.EMAIL, address=" Ana@Example.com ")
    assert (mail.state, mail.address, mail.is_verified) == (
        HandoffState.ARRIVED,
        "ana@example.com",
        False,
    )
    assert handoff_of(store, chat.id).state is HandoffState.REPLACED
    ingest_message(store, incoming_mail(external_id="<m5>"))
    assert messages(store, case.id)[-1].handoff_id == mail.id
