"""Match pairs of phrases only where they stand near each other."""

import pytest

from domain.triage.phrase_pairs import MAX_CHARACTERS_APART, MAX_WORDS_APART, Pair
from domain.triage.phrases import tokens
from domain.triage.situations import Concept, Cue, Cues, Situation

CUES = Cues(
    {
        "en": [
            ("card", Cue(Concept("payment"))),
            ("declin*", Cue(Concept("fails"))),
            ("no", Cue(Concept("without"))),
            ("signal", Cue(Concept("utility"))),
        ],
        "es": [("tarjeta", Cue(Concept("payment"))), ("rechaz*", Cue(Concept("fails")))],
        "ja": [("カード", Cue(Concept("payment"))), ("エラー", Cue(Concept("fails")))],
    },
    [
        ("payment + fails", Cue(Situation.CANNOT_PAY)),
        ("without > utility", Cue(Situation.OUTAGE_REPORT)),
    ],
)


def matches(text: str, language: str) -> set[object]:
    return {hit.label.meaning for hit in CUES.find(text, language)}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my card was declined", "en"),
        ("they declined my card", "en"),
        ("card" + " so" * (MAX_WORDS_APART - 1) + " declined", "en"),
        ("me rechazan la tarjeta", "es"),
        ("mi tarjeta was declined", "es"),
        ("mi tarjeta rechazada", "und"),
        ("カード" + "あ" * (MAX_CHARACTERS_APART - len("カード")) + "エラー", "ja"),
    ],
)
def test_a_pair_near_each_other_is_found_in_either_order(text: str, language: str) -> None:
    assert matches(text, language) == {Situation.CANNOT_PAY}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my card", "en"),
        ("card" + " so" * MAX_WORDS_APART + " declined", "en"),
        ("カード" + "あ" * MAX_CHARACTERS_APART + "エラー", "ja"),
        ("signal no", "en"),
        ("no I am well and have a signal", "en"),
    ],
)
def test_a_pair_alone_far_apart_or_in_the_wrong_order_is_not_found(text: str, language: str) -> None:
    assert matches(text, language) == set()


def test_an_ordered_pair_is_adjacent() -> None:
    assert matches("no phone signal", "en") == {Situation.OUTAGE_REPORT}


def test_what_two_concepts_tell_is_known_to_be_told_so() -> None:
    (hit,) = CUES.find("card declined", "en")
    assert (hit.label.is_pair, hit.label.decides, hit.phrase) == (True, True, "payment + fails")
    assert hit.at == tokens("card declined").index("declined")


@pytest.mark.parametrize("written", ["", "payment", "payment fails", "payment & fails", "a + b + c"])
def test_a_malformed_pair_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="write two concepts"):
        Pair.of(written, "label")


def test_a_pair_of_unknown_concepts_is_refused() -> None:
    with pytest.raises(ValueError, match="no such concept as 'breaks' in 'card \\+ breaks'"):
        Cues({"en": [("card", Cue(Concept("card")))]}, [("card + breaks", Cue(Situation.CANNOT_PAY))])
