"""Serialize effects to rows of the outbox and back."""

import json
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import effects, thread_effects
from domain.delivery.effect import Effect, Lane, Safety
from domain.delivery.effects import EFFECTS, Alert, Job, PostCard, SendPublicReply, effect_from, held_kinds

any_effect = st.one_of(*(st.builds(kind) for kind in EFFECTS.values()))


@given(any_effect)
def test_an_effect_round_trips_through_a_row(effect: Effect) -> None:
    payload = json.loads(json.dumps(effect.payload()))
    assert effect_from(effect.kind, payload) == effect


@given(any_effect, any_effect)
def test_a_key_belongs_to_one_kind(one: Effect, other: Effect) -> None:
    assert one.key.startswith(one.kind)
    if one.key == other.key:
        assert one.kind == other.kind


@pytest.mark.parametrize(
    ("effect", "stored"),
    [
        (Alert("text", "o", "C1"), {"text": "text", "once": "o", "channel": "C1"}),
        (
            effects.NotifyPerson("U1", "U2", "assigned", 3, "3.2"),
            {"user_id": "U1", "actor": "U2", "action": "assigned", "case_id": 3, "once": "3.2"},
        ),
    ],
)
def test_rows_of_earlier_versions_are_read_and_written(effect: Effect, stored: dict[str, object]) -> None:
    assert effect.payload() == stored
    assert effect_from(effect.kind, stored) == effect


def test_a_pause_holds_what_many_read_and_answers_only_where_that_was_asked_for() -> None:
    broadcasts, all_held = held_kinds(with_answers=False), held_kinds(with_answers=True)
    answers = {SendPublicReply.kind, effects.SendPrivateReply.kind}
    assert answers <= set(all_held)
    assert not answers & set(broadcasts)
    assert {"send_notice", effects.SendLinkedAnswer.kind} <= set(broadcasts) < set(all_held)


def test_a_kind_that_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError):
        effect_from("broadcast", {})
    with pytest.raises(TypeError):
        effect_from("update_card", {"case": 1})


def test_each_attempt_of_a_reply_and_each_new_card_has_its_own_key() -> None:
    assert SendPublicReply(1, 1, "x").key != SendPublicReply(1, 1, "x", attempt=2).key
    assert PostCard(1, "C1").key != PostCard(1, "C1", again=2).key != PostCard(1, "C2", again=2).key


def test_the_card_of_a_case_its_thread_and_its_replies_have_a_stream_each() -> None:
    streams = {
        PostCard(1, "C1").stream,
        PostCard(1, "C2", again=1).stream,
        effects.UpdateCard(1).stream,
    }
    assert len(streams) == 1
    thread = thread_effects.PostThread(1, "C1").stream
    assert thread == thread_effects.ShareFile(3, 1, "C1").stream
    assert thread not in streams
    assert SendPublicReply(1, 1, "x").stream == SendPublicReply(2, 1, "x").stream
    assert SendPublicReply(1, 1, "x").stream not in streams
    assert Alert("text", "once", "C1").stream == Alert("text", "once", "C1").key


def test_effects_that_a_person_waits_for_have_the_first_lane() -> None:
    assert SendPublicReply.lane == effects.PublishHome.lane == Lane.AGENT
    assert Lane.AGENT < PostCard.lane < thread_effects.PostThread.lane


def test_an_update_of_a_card_is_in_the_agents_lane_only_where_an_agent_caused_it() -> None:
    # Whoever queues it says so: see `handlers.cases.cards`.
    assert Lane.AGENT < effects.UpdateCard.lane < thread_effects.PostThread.lane


def test_effects_that_ask_a_person_are_reconciled_and_never_coalesced() -> None:
    asking = [kind for kind in EFFECTS.values() if kind.asks_person]
    assert SendPublicReply in asking
    for kind in asking:
        assert kind.safety is Safety.RECONCILE
        assert not kind.coalesce


def test_an_effect_needs_a_key_and_a_destination() -> None:
    class Nameless(Effect):
        kind: ClassVar[str] = "nameless"

    with pytest.raises(AttributeError, match="key_template"):
        _ = Nameless().key
    with pytest.raises(AttributeError, match="destination_template"):
        _ = Nameless().destination


def test_the_token_differs_between_generations_of_an_attempt() -> None:
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
