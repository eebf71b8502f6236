"""Decide which browser may open a chat, and what it may show."""

from datetime import timedelta
from typing import Any

import pytest

from domain.cases.messages import Delivery, Direction, Message
from domain.chat.rating import Rating, current_rating
from domain.chat.session import (
    SESSION_LIFETIME,
    ChatSession,
    LinkFault,
    LinkRefused,
    find_own_session,
    is_session_valid,
    may_show,
)
from domain.handoffs.handoff import Handoff, HandoffState, Proof
from domain.venues import Venue
from tests.domain.made import HOUR, NOW, a_handoff, a_message

OFFERED, ARRIVED, RETURNED, EXPIRED, REPLACED = HandoffState
HANDOFF_ID = 5
IN, OUT = Direction.IN, Direction.OUT


def a_session(secret_hash: str = "mine", *, seen: timedelta = timedelta()) -> ChatSession:
    """Build a session that was last seen `seen` ago."""
    return ChatSession(
        id=1, handoff_id=HANDOFF_ID, secret_hash=secret_hash, created_at=NOW - seen, last_seen_at=NOW - seen
    )


def a_chat(state: HandoffState = ARRIVED, **changes: Any) -> Handoff:  # noqa: ANN401 - any of the fields
    return a_handoff(Venue.CHAT, state, **{"id": HANDOFF_ID} | changes)


def fault(chat: Handoff, *sessions: ChatSession) -> LinkFault | None:
    """Return why the link opens no new session for the browser with the cookie "mine"."""
    try:
        assert find_own_session(sessions, chat, {"mine", None}, NOW) is None
    except LinkRefused as refused:
        return refused.fault
    return None


# --- who may open it --------------------------------------------------------------------------


@pytest.mark.parametrize("state", HandoffState)
def test_a_browser_with_a_session_opens_the_link_again_in_any_state(state: HandoffState) -> None:
    own = a_session("mine")
    assert find_own_session([a_session("other"), own], a_chat(state), {"mine", None}, NOW) == own


@pytest.mark.parametrize(
    ("chat", "expected"),
    [
        (a_chat(OFFERED), None),
        (a_chat(ARRIVED), None),
        (a_chat(OFFERED, expires_at=NOW), LinkFault.EXPIRED),
        (a_chat(ARRIVED, expires_at=NOW - HOUR), None),
        (a_chat(EXPIRED), LinkFault.EXPIRED),
        (a_chat(RETURNED), LinkFault.ENDED),
        (a_chat(REPLACED), LinkFault.ENDED),
    ],
)
def test_the_first_browser_opens_a_link_while_its_handoff_is_current(
    chat: Handoff, expected: LinkFault | None
) -> None:
    assert fault(chat) is expected


def test_a_second_browser_is_refused() -> None:
    assert fault(a_chat(), a_session("other")) is LinkFault.USED
    assert fault(a_chat(RETURNED), a_session("other")) is LinkFault.ENDED


def test_a_session_expires_after_its_last_request() -> None:
    almost = a_session(seen=SESSION_LIFETIME - timedelta(seconds=1))
    over = a_session(seen=SESSION_LIFETIME)
    assert is_session_valid(almost, NOW)
    assert not is_session_valid(over, NOW)
    assert fault(a_chat(), over) is LinkFault.USED


# --- what it shows ----------------------------------------------------------------------------


def ours(delivery: Delivery, **changes: Any) -> Message:  # noqa: ANN401 - any of the fields
    return here(direction=OUT, delivery=delivery, **changes)


def here(**changes: Any) -> Message:  # noqa: ANN401 - any of the fields
    fields: dict[str, Any] = {"venue": Venue.CHAT, "handoff_id": HANDOFF_ID}
    return a_message(**fields | changes)


@pytest.mark.parametrize("proof", [None, *Proof])
@pytest.mark.parametrize(
    ("message", "is_shown"),
    [
        (a_message(), True),
        (a_message(direction=OUT, delivery=Delivery.SENT), True),
        (here(), True),
        (here(handoff_id=HANDOFF_ID + 1), False),
        (a_message(venue=Venue.DM), False),
        (a_message(venue=Venue.EMAIL, handoff_id=HANDOFF_ID + 1), False),
        (ours(Delivery.SENT), True),
        (ours(Delivery.SENT, venue=Venue.DM, handoff_id=HANDOFF_ID + 1), False),
        (ours(Delivery.QUEUED), False),
        (ours(Delivery.FAILED), False),
        (ours(Delivery.UNSURE), False),
        (a_message(deleted_at=NOW), False),
        (here(deleted_at=NOW), False),
    ],
)
def test_a_chat_shows_public_and_own_messages_and_no_proof_opens_more(
    message: Message, is_shown: bool, proof: Proof | None
) -> None:
    assert may_show(message, a_chat(proof=proof)) is is_shown


# --- ratings ----------------------------------------------------------------------------------


def test_a_rating_counts_until_the_case_is_closed_after_it() -> None:
    rating = Rating(handoff_id=HANDOFF_ID, case_id=1, solved=True, comment="", at=NOW)
    assert current_rating(rating, None) == rating
    assert current_rating(rating, NOW) == rating
    assert current_rating(rating, NOW - HOUR) == rating
    assert current_rating(rating, NOW + HOUR) is None
    assert current_rating(None, NOW) is None
