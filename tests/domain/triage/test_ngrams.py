"""Hash the n-grams of a text into buckets."""

import math

import pytest

from domain.triage.ngrams import BUCKETS, NGrams, hashed_ngrams


def weight_of(text: str) -> dict[int, float]:
    found = hashed_ngrams(text)
    return dict(zip(found.buckets, found.weights, strict=True))


def test_the_weights_of_a_text_have_length_one() -> None:
    weights = weight_of("my card was declined, and my card is fine")
    assert math.hypot(*weights.values()) == pytest.approx(1)
    assert all(0 <= bucket < BUCKETS for bucket in weights)


def test_a_text_without_words_has_none() -> None:
    assert weight_of("") == weight_of("^") != {}
    assert NGrams() == NGrams()


def test_case_and_accents_make_no_difference_and_the_order_of_words_does() -> None:
    assert hashed_ngrams("Café CLOSED") == hashed_ngrams("cafe closed")
    assert hashed_ngrams("not closed, open") != hashed_ngrams("not open, closed")


def test_words_with_a_common_stem_share_parts() -> None:
    declined, declining, parcel = (set(weight_of(word)) for word in ("declined", "declining", "parcel"))
    assert len(declined & declining) > len(declined & parcel)


def test_repeated_words_weigh_a_little_more() -> None:
    one, other = (weight_of(text) for text in ("down up", "down down down up"))
    shared = one.keys() & other.keys()
    assert max(other[bucket] for bucket in shared) > max(one[bucket] for bucket in shared)


def test_scripts_without_spaces_are_hashed_by_character() -> None:
    assert set(weight_of("返金してください")) & set(weight_of("返金まだですか"))
