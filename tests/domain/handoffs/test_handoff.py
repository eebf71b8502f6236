"""Check the transition table of a hand-off, and the invariants of its fields in every state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.handoffs.handoff import (
    CURRENT,
    HANDOFF_TRANSITIONS,
    Handoff,
    HandoffEvent,
    HandoffState,
    InvalidTransition,
    Proof,
    latest_handoff,
    newest_arrived,
    normalize_address,
    transition,
    with_address,
    with_proof,
)
from domain.venues import Venue

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFERED, ARRIVED, RETURNED, EXPIRED, REPLACED = HandoffState


def an_offer(venue: Venue = Venue.CHAT) -> Handoff:
    return Handoff(
        id=1,
        case_id=2,
        venue=venue,
        state=OFFERED,
        offered_at=NOW,
        offered_by="U0SAM",
        expires_at=NOW + HOUR,
        nonce="n",
        code="c",
        remind_at=NOW + HOUR / 2,
    )


def test_the_transition_table() -> None:
    assert {
        (state, event): after.value
        for state in HandoffState
        for event in HandoffEvent
        if (after := HANDOFF_TRANSITIONS.get((state, event))) is not None
    } == {
        (OFFERED, HandoffEvent.ARRIVE): "arrived",
        (OFFERED, HandoffEvent.RETURN): "returned",
        (OFFERED, HandoffEvent.EXPIRE): "expired",
        (OFFERED, HandoffEvent.REPLACE): "replaced",
        (ARRIVED, HandoffEvent.RETURN): "returned",
        (ARRIVED, HandoffEvent.REPLACE): "replaced",
        (EXPIRED, HandoffEvent.ARRIVE): "arrived",
        (RETURNED, HandoffEvent.RESUME): "arrived",
        (REPLACED, HandoffEvent.RESUME): "arrived",
    }


@pytest.mark.parametrize("state", HandoffState)
@pytest.mark.parametrize("event", HandoffEvent)
def test_other_transitions_are_invalid(state: HandoffState, event: HandoffEvent) -> None:
    handoff = handoff_in(state)
    if (state, event) in HANDOFF_TRANSITIONS:
        assert transition(handoff, event, NOW).state is HANDOFF_TRANSITIONS[state, event]
    else:
        with pytest.raises(InvalidTransition, match=f"{state.value} cannot {event.value}"):
            transition(handoff, event, NOW)


def handoff_in(state: HandoffState) -> Handoff:
    path = {
        OFFERED: (),
        ARRIVED: (HandoffEvent.ARRIVE,),
        RETURNED: (HandoffEvent.RETURN,),
        EXPIRED: (HandoffEvent.EXPIRE,),
        REPLACED: (HandoffEvent.ARRIVE, HandoffEvent.REPLACE),
    }
    handoff = an_offer()
    for event in path[state]:
        handoff = transition(handoff, event, NOW)
    return handoff


@given(st.lists(st.sampled_from(HandoffEvent), max_size=12))
def test_after_any_events_the_times_fit_the_state(events: list[HandoffEvent]) -> None:
    handoff, arrivals = an_offer(), 0
    for minute, event in enumerate(events, start=1):
        now = NOW + minute * timedelta(minutes=1)
        before = handoff
        try:
            handoff = transition(handoff, event, now)
        except InvalidTransition:
            assert handoff == before
            continue
        arrivals += handoff.state is ARRIVED
        assert handoff.remind_at is None
        assert (handoff.arrived_at == now) == (handoff.state is ARRIVED)
        assert (handoff.ended_at == now) == (handoff.state is not ARRIVED)
    assert (handoff.ended_at is None) == handoff.state.is_current == (handoff.state in CURRENT)
    assert (handoff.arrived_at is None) == (arrivals == 0)


def test_the_first_proof_stays() -> None:
    known = with_proof(an_offer(), Proof.CODE, by="system", now=NOW)
    assert known.is_verified
    assert with_proof(known, Proof.AGENT, by="U0SAM", reason="his voice", now=NOW + HOUR) == known
    said = with_proof(an_offer(), Proof.AGENT, by="U0SAM", reason="his voice", now=NOW)
    assert (said.proof, said.verified_at, said.verified_by, said.verified_reason) == (
        Proof.AGENT,
        NOW,
        "U0SAM",
        "his voice",
    )


def test_a_new_address_discards_the_proof() -> None:
    known = with_proof(
        with_address(an_offer(Venue.EMAIL), "ana@example.com"), Proof.CODE, by="system", now=NOW
    )
    assert with_address(known, " Ana@Example.com ") == known
    other = with_address(known, "ben@example.com")
    assert (other.address, other.is_verified, other.verified_at, other.verified_by) == (
        "ben@example.com",
        False,
        None,
        None,
    )
    nameless = with_proof(an_offer(), Proof.AGENT, by="U0SAM", reason="her order number", now=NOW)
    assert with_address(nameless, "chat.1").is_verified


def test_only_mail_addresses_ignore_case() -> None:
    assert normalize_address(Venue.EMAIL, " Ana@Example.COM") == "ana@example.com"
    assert normalize_address(Venue.DM, "AbC") == "AbC"


@pytest.mark.parametrize(
    ("states", "latest", "arrived"),
    [
        ([], None, None),
        ([OFFERED], 1, None),
        ([ARRIVED, OFFERED], 1, 1),
        ([ARRIVED, OFFERED, EXPIRED], 1, 1),
        ([OFFERED, EXPIRED], 1, None),
        ([EXPIRED, RETURNED], 2, None),
        ([REPLACED, ARRIVED, REPLACED], 2, 2),
        ([OFFERED, OFFERED], 2, None),
    ],
)
def test_the_arrived_handoff_precedes_the_offered_and_the_newest(
    states: list[HandoffState], latest: int | None, arrived: int | None
) -> None:
    handoffs = [replace(an_offer(), id=number, state=state) for number, state in enumerate(states, start=1)]
    assert getattr(latest_handoff(handoffs), "id", None) == latest
    assert getattr(newest_arrived(handoffs), "id", None) == arrived
