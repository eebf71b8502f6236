"""Authenticate the sender of a private message: a forged sender proves nothing."""

from typing import Any

import pytest

from domain.cases.messages import Direction, Message
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingMessage, SenderCheck
from domain.intake.sender_proof import doubt_of, is_sender_proven
from domain.intake.unproven_mails import Doubt
from domain.venues import Venue
from tests.domain.made import ANA, BEN, a_case, a_handoff, a_message, an_incoming_message

CASE = a_case()
HANDOFF_ID = 5
EVE = "eve@evil.example"


def arrived(venue: Venue, address: str | None) -> Handoff:
    return a_handoff(venue, HandoffState.ARRIVED, id=HANDOFF_ID, address=address)


def mail(address: str = "ana@example.com", **more: Any) -> IncomingMessage:  # noqa: ANN401 - any of the fields
    return an_incoming_message(Venue.EMAIL, network="email", address=address, **more)


def ours(handoff_id: int = HANDOFF_ID, venue: Venue = Venue.EMAIL) -> Message:
    return a_message(direction=Direction.OUT, venue=venue, handoff_id=handoff_id)


PASSED, FAILED = SenderCheck.PASSED, SenderCheck.FAILED
ALONE, OTHER, FORGED = Doubt.FROM_ALONE, Doubt.OTHER_ADDRESS, Doubt.CHECK_FAILED


@pytest.mark.parametrize(
    ("incoming", "proven"),
    [
        (mail(sender_check=PASSED), True),
        (mail("Ana@Example.com", sender_check=PASSED), True),
        (mail(handoff_id=HANDOFF_ID, sender_check=PASSED), True),
        # A token or a Message-ID may be stolen: it proves the conversation, not the person.
        (mail(handoff_id=HANDOFF_ID), False),
        (mail(answers=["m1.signed@acme.example"]), False),
        (mail(sender_check=FAILED), False),
        (mail(EVE, sender_check=PASSED), False),
        (mail(EVE, handoff_id=HANDOFF_ID, sender_check=PASSED), False),
        (mail("ana+shop@example.com", sender_check=PASSED), False),
        (mail("a.na@example.com", sender_check=PASSED), False),
    ],
)
def test_a_mail_is_proven_by_its_address_and_our_mail_servers_word(
    incoming: IncomingMessage, proven: bool
) -> None:
    assert is_sender_proven(incoming, CASE, arrived(Venue.EMAIL, "ana@example.com")) is proven
    assert not is_sender_proven(incoming, CASE, arrived(Venue.EMAIL, None))


@pytest.mark.parametrize(
    ("incoming", "answered", "doubt"),
    [
        (mail(handoff_id=HANDOFF_ID), [], None),
        (mail("Ana@Example.com", handoff_id=HANDOFF_ID), [], None),
        (mail(), [ours()], None),
        (mail(), [ours(HANDOFF_ID + 1), ours()], None),
        (mail(sender_check=PASSED), [], None),
        (mail(), [], ALONE),
        (mail(handoff_id=HANDOFF_ID + 1), [], ALONE),
        (mail(), [ours(HANDOFF_ID + 1)], ALONE),
        (mail(), [ours(venue=Venue.DM)], ALONE),
        (mail(EVE, handoff_id=HANDOFF_ID), [], OTHER),
        (mail(EVE), [ours()], OTHER),
        (mail(EVE, sender_check=PASSED), [ours()], OTHER),
        (mail("ana+shop@example.com", sender_check=PASSED), [], OTHER),
        (mail("a.na@example.com", sender_check=PASSED), [], OTHER),
        (mail(handoff_id=HANDOFF_ID, sender_check=FAILED), [ours()], FORGED),
    ],
)
def test_a_mail_belongs_to_a_conversation_by_its_address_and_a_secret_or_our_mail_servers_word(
    incoming: IncomingMessage, answered: list[Message], doubt: Doubt | None
) -> None:
    handoff = arrived(Venue.EMAIL, "ana@example.com")
    assert doubt_of(incoming, handoff, answered, ["ana@example.com"]) is doubt


def test_where_no_address_is_known_the_first_that_answers_is_theirs() -> None:
    nobody_known = arrived(Venue.EMAIL, None)
    assert doubt_of(mail(handoff_id=HANDOFF_ID), nobody_known, [], []) is None
    assert doubt_of(mail(sender_check=PASSED), nobody_known, [], []) is ALONE
    assert doubt_of(mail(handoff_id=HANDOFF_ID, sender_check=FAILED), nobody_known, [], []) is FORGED


@pytest.mark.parametrize(
    ("author", "network", "handoff", "proven"),
    [
        (ANA, "x", arrived(Venue.DM, ANA.id), True),
        (ANA, "x", arrived(Venue.CHAT, "chat.5"), True),
        (ANA, "elsewhere", arrived(Venue.CHAT, "chat.5"), False),
        (BEN, "x", arrived(Venue.DM, ANA.id), False),
        (BEN, "x", arrived(Venue.DM, BEN.id), True),
        (BEN, "x", arrived(Venue.EMAIL, BEN.id), False),
    ],
)
def test_a_direct_message_is_proven_by_its_account(
    author: Author,
    network: str,
    handoff: Handoff,
    proven: bool,
) -> None:
    incoming = an_incoming_message(author=author, network=network)
    assert is_sender_proven(incoming, CASE, handoff) is proven


@pytest.mark.parametrize(
    ("handoff_id", "proven"), [(HANDOFF_ID, True), (HANDOFF_ID + 1, False), (None, False)]
)
def test_a_chat_message_is_proven_by_the_chat_whose_cookie_it_came_with(
    handoff_id: int | None, proven: bool
) -> None:
    incoming = an_incoming_message(Venue.CHAT, handoff_id=handoff_id, address="chat.5")
    assert is_sender_proven(incoming, CASE, arrived(Venue.CHAT, "chat.5")) is proven
