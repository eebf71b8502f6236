"""Compare texts by TF-IDF: from 0 to 1, 1 with itself, and the rare words count most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.triage.phrases import tokens
from domain.triage.tfidf import TfidfIndex

texts = st.lists(st.text(max_size=30), max_size=6)


@given(texts, st.text(max_size=30))
def test_every_cosine_is_from_0_to_1(known: list[str], text: str) -> None:
    cosines = TfidfIndex(known).cosines(text)
    assert len(cosines) == len(known)
    assert all(-1e-9 <= cosine <= 1 + 1e-9 for cosine in cosines)


@given(texts)
def test_a_text_with_words_is_most_similar_to_itself(known: list[str]) -> None:
    index = TfidfIndex(known)
    for number, text in enumerate(known):
        assert index.cosines(text)[number] == pytest.approx(1.0 if tokens(text) else 0.0)


def test_a_rare_word_says_more_than_a_common_one() -> None:
    index = TfidfIndex(["my parcel is late", "my refund is late", "my app is late", "your parcel"])
    late, parcel = index.cosines("late")[0], index.cosines("parcel")[0]
    assert parcel > late > 0


def test_words_are_found_in_other_forms_and_misspelt() -> None:
    index = TfidfIndex(["cancel my subscription", "love the courier"])
    for text in ("cancelled subscriptions", "cancle my subscribtion"):
        near, far = index.cosines(text)
        assert near > 0.25 > far


@pytest.mark.parametrize("text", ["", "@acme https://acme.example", "…"])
def test_a_text_without_words_is_like_none(text: str) -> None:
    assert TfidfIndex(["my parcel", text]).cosines(text) == [0.0, 0.0]
    assert TfidfIndex([]).cosines("my parcel") == []
