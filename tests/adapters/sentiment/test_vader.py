"""The short cut gives VADER's own score, whatever is written."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sentiment.vader import QuickVader, quick_vader
from sandbox.mentions import read

TEXTS = [mention["text"] for name in ("demo", "odd", "fresh", "calm") for mention in read(name)]
#: Words of which each meets another rule of VADER's: boosters, negations, idioms, capitals, "kind of", "at least", "but".
WORDS = (
    "great GREAT bad awful good no not never so this without doubt very extremely kind of at least but nor or"
)
MORE = "the shit bad ass bomb yeah right hell kiss of death hand to mouth isn't 😍 :) !!! ?? a payment"


@cache
def vader() -> QuickVader:
    return quick_vader({})


def test_a_mention_scores_as_vader_scores_it() -> None:
    assert {text: vader().compound(text) for text in TEXTS} == {
        text: vader().polarity_scores(text)["compound"] for text in TEXTS
    }


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(f"{WORDS} {MORE}".split()), max_size=12).map(" ".join))
def test_any_order_of_its_special_words_scores_as_vader_scores_it(text: str) -> None:
    assert vader().compound(text) == vader().polarity_scores(text)["compound"]
