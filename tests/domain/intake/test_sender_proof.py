"""Authenticate the sender of a private message: a forged sender proves nothing."""

from typing import Any

import pytest

from domain.cases.messages import Direction, Message
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingMessage
from domain.intake.sender_proof import is_sender_proven
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


@pytest.mark.parametrize(
    ("incoming", "answered", "proven"),
    [
        (mail(handoff_id=HANDOFF_ID), [], True),
        (mail("Ana@Example.com", handoff_id=HANDOFF_ID), [], True),
        (mail(), [ours()], True),
        (mail(), [ours(HANDOFF_ID + 1), ours()], True),
        (mail(), [], False),
        (mail(handoff_id=HANDOFF_ID + 1), [], False),
        (mail(), [ours(HANDOFF_ID + 1)], False),
        (mail(), [ours(venue=Venue.DM)], False),
        (mail(EVE, handoff_id=HANDOFF_ID), [], False),
        (mail(EVE), [ours()], False),
    ],
)
def test_a_mail_is_proven_by_its_address_and_a_secret_that_only_that_address_was_sent(
    incoming: IncomingMessage, answered: list[Message], proven: bool
) -> None:
    handoff = arrived(Venue.EMAIL, "ana@example.com")
    assert is_sender_proven(incoming, CASE, handoff, answered) is proven
    nobody_known = arrived(Venue.EMAIL, None)
    assert not is_sender_proven(incoming, CASE, nobody_known, answered)


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
    assert is_sender_proven(incoming, CASE, handoff, []) is proven


@pytest.mark.parametrize(
    ("handoff_id", "proven"), [(HANDOFF_ID, True), (HANDOFF_ID + 1, False), (None, False)]
)
def test_a_chat_message_is_proven_by_the_chat_whose_cookie_it_came_with(
    handoff_id: int | None, proven: bool
) -> None:
    incoming = an_incoming_message(Venue.CHAT, handoff_id=handoff_id, address="chat.5")
    assert is_sender_proven(incoming, CASE, arrived(Venue.CHAT, "chat.5"), []) is proven
