"""Keep what a case is about when its customer comes to a private venue, from their first message there on."""

import pytest

from domain.triage.situations import Situation
from domain.venues import Venue
from handlers.cases.assignment import claim
from storage.engine import Store
from tests.handlers.handoffs.made import incoming_mail, incoming_message, ingest_message, offered
from tests.handlers.made import NOW, SAM, a_stored_case, case_of, do


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("Hello? Is anybody there?", Situation.CANNOT_PAY),
        ("Where is my parcel, it was due on Monday?", Situation.DELIVERY),
    ],
)
@pytest.mark.parametrize("venue", [Venue.DM, Venue.EMAIL, Venue.CHAT])
def test_a_first_private_message_without_a_topic_leaves_that_of_the_public_words(
    store: Store, venue: Venue, text: str, situation: Situation
) -> None:
    case = a_stored_case(store)
    assert case.assessment.situation is Situation.CANNOT_PAY
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    offer = offered(store, case, venue)
    came = {
        Venue.DM: incoming_message(text),
        Venue.EMAIL: incoming_mail(text, handoff_id=offer.id),
        Venue.CHAT: incoming_message(text, Venue.CHAT, handoff_id=offer.id, address="chat.1"),
    }
    assert ingest_message(store, came[venue]) is not None
    assert case_of(store, case.id).assessment.situation is situation
