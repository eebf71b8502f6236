"""Count the uses of saved replies, group questions, and propose replies and amendments."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.knowledge.reply_choices import ReplyChoice
from domain.knowledge.reply_figures import (
    PairKind,
    QuestionGroup,
    compare_replies,
    count_uses,
    group_similar,
    propose_replies,
    text_similarity,
)
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SUNDAY = "We do not deliver on Sundays yet, {}. Saturdays until eight work, choose it at checkout."


def a_choice(number: int, chosen: str = "", suggested: str = "", **more: Any) -> ReplyChoice:  # noqa: ANN401 - any of the fields
    choice = ReplyChoice(
        case_id=1,
        message_id=number,
        answer_id=number,
        suggested=suggested,
        chosen=chosen,
        is_edited=False,
        created_at=NOW,
        sent_at=NOW + timedelta(minutes=number),
        id=number,
    )
    return replace(choice, **more)


def a_reply(name: str, *texts: str, situation: Situation = Situation.DELIVERY) -> SavedReply:
    return SavedReply(name, 1, name.title(), frozenset({situation}), {"en": texts}, ("x",))


def test_uses_are_counted_by_reply_the_most_used_first() -> None:
    choices = [
        a_choice(1, "late", "late"),
        a_choice(2, "late", "late", is_edited=True),
        a_choice(3, "soaked", "late"),
        a_choice(4, "", "late"),
        a_choice(5, "gone"),
    ]
    late, gone, soaked, never = count_uses([a_reply("late"), a_reply("soaked"), a_reply("never")], choices)
    assert (late.as_it_was, late.edited, late.thrown_away, late.share_used) == (1, 1, 2, 0.5)
    assert late.last_used_at == NOW + timedelta(minutes=2)
    assert (soaked.title, soaked.used, soaked.thrown_away) == ("Soaked", 1, 0)
    assert (gone.name, gone.title, gone.used) == ("gone", "gone", 1)
    assert (never.share_used, never.last_used_at) == (None, None)


@st.composite
def similarities(draw: st.DrawFn) -> list[list[float]]:
    size = draw(st.integers(0, 7))
    return [[draw(st.floats(0, 1)) for _ in range(size)] for _ in range(size)]


@given(similarities(), st.floats(0, 1))
def test_every_item_is_in_one_group(similarity: list[list[float]], least: float) -> None:
    groups = group_similar(similarity, least=least)
    assert sorted(item for group in groups for item in group) == list(range(len(similarity)))
    assert [len(group) for group in groups] == sorted(map(len, groups), reverse=True)


def free_answers(texts: Sequence[str]) -> list[QuestionGroup]:
    return [
        QuestionGroup(
            tuple(
                a_choice(number + 10, asked=f"sunday delivery? {number}", answered=text)
                for number, text in enumerate(texts)
            )
        )
    ]


def test_similar_answers_to_similar_messages_are_a_proposal() -> None:
    texts = [SUNDAY.format(name) for name in ("Ana", "Ben", "Cy")]
    [proposal] = propose_replies(free_answers([*texts, "No idea, sorry. Ask the courier about it."]))
    assert (proposal.key, proposal.count) == ("new:10", 3)
    assert proposal.text in texts
    assert proposal.examples == tuple(f"sunday delivery? {number}" for number in range(3))


@pytest.mark.parametrize(
    "texts",
    [
        [SUNDAY.format("Ana"), SUNDAY.format("Ben")],
        [SUNDAY.format("Ana"), "Yes, in Dublin only.", "Which city is it for, please?"],
    ],
)
def test_few_or_different_answers_are_none(texts: list[str]) -> None:
    assert propose_replies(free_answers(texts)) == []


def test_a_proposal_keeps_its_key_while_answers_come_in() -> None:
    first = propose_replies(free_answers([SUNDAY.format(name) for name in "abc"]))
    later = propose_replies(free_answers([SUNDAY.format(name) for name in "abcde"]))
    assert [one.key for one in first] == [one.key for one in later]


LATE = "Sorry that your parcel is late. It comes within 3 days; if not, send us the order number."


def test_replies_that_say_the_same_or_the_opposite_are_paired() -> None:
    repeats = compare_replies([a_reply("a", LATE), a_reply("b", LATE.replace("Sorry", "So sorry"))])
    assert [(pair.kind, pair.differs_in) for pair in repeats] == [(PairKind.REPEATS, ())]
    numbers = compare_replies([a_reply("a", LATE), a_reply("b", LATE.replace("3", "5"))])
    assert [(pair.kind, pair.differs_in) for pair in numbers] == [(PairKind.CONTRADICTS, ("3", "5"))]
    opposite = "You can change the address of a parcel after it was sent."
    negated = compare_replies([a_reply("a", opposite), a_reply("b", opposite.replace("can", "cannot"))])
    assert [(pair.kind, pair.differs_in) for pair in negated] == [(PairKind.CONTRADICTS, ("not",))]


def test_replies_about_different_things_are_not_paired() -> None:
    other = "Thank you! We pass it on to the team."
    assert compare_replies([a_reply("a", LATE), a_reply("b", other)]) == []
    elsewhere = a_reply("b", LATE, situation=Situation.PRAISE)
    assert compare_replies([a_reply("a", LATE), elsewhere]) == []
    assert compare_replies([]) == []


def test_a_dismissed_pair_is_another_once_its_text_has_changed() -> None:
    [before] = compare_replies([a_reply("a", LATE), a_reply("b", LATE)])
    [after] = compare_replies([a_reply("a", LATE), a_reply("b", f"{LATE} Thanks.")])
    assert before.key != after.key


def test_texts_are_compared_each_with_each() -> None:
    similarity = text_similarity(["a late parcel", "the parcel is late", "refund please"])
    assert similarity[0][1] > similarity[0][2]
    assert len(similarity) == 3
