"""Serialize effects to rows of the outbox and back."""

import json
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import effects
from domain.delivery.effects import (
    EFFECTS,
    Alert,
    Effect,
    Job,
    Lane,
    PostCard,
    Safety,
    SendPublicReply,
    effect_from,
)

any_effect = st.one_of(*(st.builds(kind) for kind in EFFECTS.values()))


@given(any_effect)
def test_an_effect_survives_being_a_row(effect: Effect) -> None:
    payload = json.loads(json.dumps(effect.payload()))
    assert effect_from(effect.kind, payload) == effect


@given(any_effect, any_effect)
def test_a_key_belongs_to_one_kind(one: Effect, other: Effect) -> None:
    assert one.key.startswith(one.kind)
    if one.key == other.key:
        assert one.kind == other.kind


def test_a_kind_that_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError):
        effect_from("broadcast", {})
    with pytest.raises(TypeError):
        effect_from("update_card", {"case": 1})


def test_every_attempt_of_a_reply_and_every_new_card_is_an_act_of_its_own() -> None:
    assert SendPublicReply(1, 1, "x").key != SendPublicReply(1, 1, "x", attempt=2).key
    assert PostCard(1, "C1").key != PostCard(1, "C1", again=2).key != PostCard(1, "C2", again=2).key


def test_what_happens_to_a_case_in_slack_stays_in_order_and_replies_keep_an_order_of_their_own() -> None:
    streams = {
        PostCard(1, "C1").stream,
        PostCard(1, "C2", again=1).stream,
        effects.UpdateCard(1).stream,
        effects.PostThread(1, "C1").stream,
    }
    assert len(streams) == 1
    assert SendPublicReply(1, 1, "x").stream == SendPublicReply(2, 1, "x").stream
    assert SendPublicReply(1, 1, "x").stream not in streams
    assert Alert("text", "once", "C1").stream == Alert("text", "once", "C1").key


def test_what_a_person_waits_for_goes_first() -> None:
    assert SendPublicReply.lane == effects.UpdateCard.lane == effects.PublishHome.lane == Lane.AGENT
    assert Lane.AGENT < PostCard.lane < effects.PostThread.lane


def test_whatever_coalesces_is_drawn_from_the_present_state_and_whatever_asks_a_person_can_be_looked_for() -> (
    None
):
    for kind in EFFECTS.values():
        if kind.asks_person:
            assert kind.safety is Safety.RECONCILE
            assert not kind.coalesce


def test_an_effect_without_a_key_or_a_destination_cannot_be_put_in() -> None:
    class Nameless(Effect):
        kind: ClassVar[str] = "nameless"

    with pytest.raises(AttributeError, match="key_template"):
        _ = Nameless().key
    with pytest.raises(AttributeError, match="destination_template"):
        _ = Nameless().destination


def test_a_tries_token_tells_one_generation_from_the_next() -> None:
    def token(generation: int) -> str:
        return Job(
            id=7,
            effect=PostCard(1, "C1"),
            generation=generation,
            attempts=1,
            checks=0,
            reconciling=False,
            created_at=datetime(2026, 11, 21, tzinfo=UTC),
        ).token

    assert token(1) == "7.1" != token(2)
