"""Search saved replies without an encoder: the most similar, else the usual one for the situation."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.triage.reply_ranking import MessageToAnswer, RankedReply
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation
from handlers.triage.reply_search import tfidf_search


def reply(name: str, situation: Situation, *examples: str, **more: object) -> SavedReply:
    fields: dict[str, object] = {"wordings": {"en": (f"About {name}.",)}, **more}
    return SavedReply(name, 1, name.title(), frozenset({situation}), examples=examples, **fields)  # type: ignore[arg-type]


ERRORS = reply("errors", Situation.CANNOT_PAY, "payment failed with an error", usual=True)
TWICE = reply("charged twice", Situation.CANNOT_PAY, "you charged me twice", "二重に引き落とされました")
THANKS = reply("thanks", Situation.PRAISE, "love the app")
HAZARD = reply("hazard", Situation.SAFETY_OR_LEGAL, "it burns", reasons=frozenset({"safety"}))
COMPLAINT = reply("complaint", Situation.SAFETY_OR_LEGAL, "you will hear from my lawyer")
ALL = (ERRORS, TWICE, THANKS, HAZARD, COMPLAINT)


def ranked(
    replies: tuple[SavedReply, ...], situation: Situation, text: str, *reasons: str
) -> list[RankedReply]:
    return list(tfidf_search(replies).rank(text, MessageToAnswer({situation: 1.0}, situation, reasons)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("help, you have charged me twice!", TWICE),
        ("昨日二重に引き落とされましたが", TWICE),
        ("the payment failed", ERRORS),
        ("something else entirely", ERRORS),
        ("", ERRORS),
    ],
)
def test_the_reply_with_the_most_similar_examples_is_first_else_the_usual_one(
    text: str, expected: SavedReply
) -> None:
    assert ranked(ALL, Situation.CANNOT_PAY, text)[0].reply is expected


def test_a_misspelt_word_finds_its_reply() -> None:
    assert ranked(ALL, Situation.OTHER, "chargd mee twicce")[0].reply is TWICE


def test_the_reply_for_the_reason_is_first() -> None:
    found = ranked(ALL, Situation.SAFETY_OR_LEGAL, "no word in common", "safety")
    assert found[0].reply is HAZARD


def test_a_situation_without_a_saved_reply_gets_no_suggestion() -> None:
    assert not ranked(ALL, Situation.SPAM, "win money now")[0].is_suggestion
    assert ranked((), Situation.CANNOT_PAY, "you charged me twice") == []


@settings(deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(Situation), st.text(max_size=40))
def test_the_order_does_not_depend_on_the_order_of_the_files(
    chance: random.Random, situation: Situation, text: str
) -> None:
    shuffled = tuple(chance.sample(ALL, len(ALL)))
    found, expected = ranked(shuffled, situation, text), ranked(ALL, situation, text)
    assert [one.reply.name for one in found] == [one.reply.name for one in expected]


def test_those_for_the_same_situation_come_before_others_that_are_no_more_similar() -> None:
    found = [one.reply for one in ranked(ALL, Situation.CANNOT_PAY, "charged twice")]
    assert found[:2] == [TWICE, ERRORS]
    assert len(found) == len(ALL)
