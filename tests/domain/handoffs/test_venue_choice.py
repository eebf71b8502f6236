"""Choose the venues that a case can be moved to, and where the offer text is sent."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases.case import Case
from domain.handoffs.handoff import Handoff, HandoffState, Proof
from domain.handoffs.venue_choice import (
    CannotBeOffered,
    NotSetUp,
    Obstacle,
    Reachability,
    Unavailable,
    unavailable_reason,
    venue_of_offer_text,
)
from domain.intake.posts import ReplyBlock
from domain.venues import Venue
from tests.domain.made import ANA, NOW, a_case, a_handoff

THERE_ALREADY = Obstacle.ALREADY_THERE
OPTED_OUT = Obstacle.OPTED_OUT
NOT_TO_BE_TOLD = CannotBeOffered(ReplyBlock.RESTRICTED)
CASE = a_case()
BY_MAIL = a_case(network="email", reply_block=ReplyBlock.NO_POST)
RESTRICTED = a_case(reply_block=ReplyBlock.RESTRICTED)
FOR_EVERYBODY = a_case(author=replace(ANA, takes_messages=True))
PRIVATE = (Venue.DM, Venue.EMAIL, Venue.CHAT)


def arrived(venue: Venue, **changes: Any) -> Handoff:  # noqa: ANN401 - any of the fields
    """Build an arrived hand-off; by direct message, the author is verified by their account."""
    proof = Proof.SAME_ACCOUNT if venue is Venue.DM else None
    return a_handoff(venue, HandoffState.ARRIVED, **{"proof": proof} | changes)


def returned(venue: Venue, **changes: Any) -> Handoff:  # noqa: ANN401 - any of the fields
    return replace(arrived(venue, **changes), state=HandoffState.RETURNED)


def reach(case: Case = CASE, *handoffs: Handoff, **more: bool) -> Reachability:
    return Reachability(case=case, handoffs=handoffs, **more)


def reasons(reachability: Reachability) -> tuple[Unavailable | None, ...]:
    """Return why each private venue is not available: direct message, e-mail, chat."""
    return tuple(unavailable_reason(reachability, venue, None) for venue in PRIVATE)


# --- which venues -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reachability", "dm", "email", "chat"),
    [
        (reach(), None, None, None),
        (reach(CASE, arrived(Venue.DM)), THERE_ALREADY, None, None),
        (reach(CASE, arrived(Venue.CHAT, proof=Proof.AGENT)), None, None, THERE_ALREADY),
        (reach(CASE, arrived(Venue.EMAIL, proof=Proof.CODE)), None, THERE_ALREADY, None),
        # Somebody else may have opened the link: the customer is given one of their own.
        (reach(CASE, arrived(Venue.CHAT)), None, None, None),
        (reach(CASE, arrived(Venue.EMAIL)), None, None, None),
        # Our messages no longer reach them there: the venue may be offered again.
        (reach(CASE, arrived(Venue.DM, unreachable_at=NOW)), None, None, None),
        (reach(CASE, arrived(Venue.CHAT, proof=Proof.AGENT, unreachable_at=NOW)), None, None, None),
        (reach(CASE, returned(Venue.DM)), None, None, None),
        (reach(CASE, opted_out=True), OPTED_OUT, None, None),
        (reach(CASE, arrived(Venue.DM), opted_out=True), THERE_ALREADY, None, None),
        (reach(RESTRICTED), NOT_TO_BE_TOLD, None, NOT_TO_BE_TOLD),
        (reach(RESTRICTED, wrote_by_dm=True), None, None, NOT_TO_BE_TOLD),
        (reach(RESTRICTED, arrived(Venue.DM)), THERE_ALREADY, None, None),
        (reach(RESTRICTED, arrived(Venue.CHAT)), None, None, NOT_TO_BE_TOLD),
    ],
)
def test_a_venue_is_available_or_says_why_not(
    reachability: Reachability, dm: Unavailable | None, email: Unavailable | None, chat: Unavailable | None
) -> None:
    assert reasons(reachability) == (dm, email, chat)


def test_a_case_that_began_by_mail_has_no_direct_messages() -> None:
    there = arrived(Venue.EMAIL)
    dm, email, chat = reasons(reach(BY_MAIL, there))
    assert dm == Obstacle.NO_ACCOUNT_KNOWN
    assert (email, chat) == (None, None)


@pytest.mark.parametrize("venue", PRIVATE)
def test_a_venue_that_is_not_set_up_says_so_unless_the_conversation_is_there(venue: Venue) -> None:
    reason = NotSetUp("It is not set up.")
    assert unavailable_reason(reach(), venue, "It is not set up.") == reason
    there = reach(CASE, arrived(venue, proof=Proof.AGENT))
    assert unavailable_reason(there, venue, "It is not set up.") == THERE_ALREADY


@pytest.mark.parametrize(
    ("reachability", "may_return"),
    [
        (reach(), False),
        (reach(CASE, arrived(Venue.CHAT)), True),
        (reach(CASE, a_handoff()), True),
        (reach(CASE, returned(Venue.CHAT)), False),
        (reach(BY_MAIL, arrived(Venue.EMAIL)), False),
    ],
)
def test_a_conversation_returns_to_public_where_it_has_a_post(
    reachability: Reachability, may_return: bool
) -> None:
    assert reachability.may_return is may_return


# --- where the offer text is sent ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("reachability", "venue", "via"),
    [
        (reach(), Venue.DM, Venue.PUBLIC),
        (reach(), Venue.CHAT, Venue.PUBLIC),
        (reach(), Venue.PUBLIC, Venue.PUBLIC),
        # Whoever takes messages from everybody, or has written to us, is written to at once.
        (reach(FOR_EVERYBODY), Venue.DM, Venue.DM),
        (reach(CASE, wrote_by_dm=True), Venue.DM, Venue.DM),
        (reach(CASE, returned(Venue.DM)), Venue.DM, Venue.DM),
        (reach(FOR_EVERYBODY), Venue.CHAT, Venue.PUBLIC),
        # … unless they refused a message of ours, or all of them.
        (reach(FOR_EVERYBODY, returned(Venue.DM, unreachable_at=NOW)), Venue.DM, Venue.PUBLIC),
        (reach(CASE, arrived(Venue.DM, unreachable_at=NOW), wrote_by_dm=True), Venue.DM, Venue.PUBLIC),
        (reach(FOR_EVERYBODY, opted_out=True), Venue.DM, Venue.PUBLIC),
        # The line goes where the conversation is now.
        (reach(CASE, arrived(Venue.DM)), Venue.CHAT, Venue.DM),
        (reach(CASE, arrived(Venue.EMAIL)), Venue.CHAT, Venue.EMAIL),
        (reach(CASE, arrived(Venue.CHAT)), Venue.DM, Venue.CHAT),
        (reach(CASE, arrived(Venue.CHAT), a_handoff(Venue.EMAIL)), Venue.DM, Venue.CHAT),
        # … but in public where that is the new venue itself, or they cannot be reached there.
        (reach(CASE, arrived(Venue.CHAT)), Venue.CHAT, Venue.PUBLIC),
        (reach(CASE, arrived(Venue.EMAIL)), Venue.EMAIL, Venue.PUBLIC),
        (reach(CASE, arrived(Venue.DM, unreachable_at=NOW)), Venue.CHAT, Venue.PUBLIC),
        (reach(CASE, arrived(Venue.EMAIL, unreachable_at=NOW)), Venue.CHAT, Venue.PUBLIC),
        (reach(CASE, arrived(Venue.DM), opted_out=True), Venue.CHAT, Venue.PUBLIC),
        (reach(CASE, arrived(Venue.EMAIL), opted_out=True), Venue.CHAT, Venue.EMAIL),
    ],
)
def test_the_line_is_written_where_the_customer_reads_it(
    reachability: Reachability, venue: Venue, via: Venue
) -> None:
    assert venue_of_offer_text(reachability, venue, "") is via


def test_a_mail_whose_address_is_known_needs_no_other_line() -> None:
    for reachability in (reach(), reach(RESTRICTED), reach(CASE, arrived(Venue.CHAT))):
        assert venue_of_offer_text(reachability, Venue.EMAIL, "ana@example.com") is Venue.EMAIL
    assert venue_of_offer_text(reach(), Venue.EMAIL, "") is Venue.PUBLIC


def handoffs() -> st.SearchStrategy[Handoff]:
    return st.builds(
        a_handoff,
        st.sampled_from(PRIVATE),
        st.sampled_from(HandoffState),
        proof=st.none() | st.sampled_from(Proof),
        unreachable_at=st.none() | st.just(NOW),
    )


@given(st.lists(handoffs(), max_size=4), st.booleans(), st.booleans(), st.sampled_from(Venue))
def test_nobody_who_opted_out_is_written_a_direct_message(
    handoffs: list[Handoff], takes_messages: bool, wrote_by_dm: bool, venue: Venue
) -> None:
    case = FOR_EVERYBODY if takes_messages else CASE
    assert venue_of_offer_text(
        reach(case, *handoffs, wrote_by_dm=wrote_by_dm, opted_out=True), venue, ""
    ) is not (Venue.DM)
