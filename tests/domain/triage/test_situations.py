"""Match cues: which languages are searched, and what is found."""

import pytest

from domain.triage.situations import Concept, Cue, Cues, Reason, Sign, Situation, Subject

CUES = Cues(
    {
        "en": [
            ("de", Cue(Sign.NOT)),
            ("cannot pay", Cue(Situation.CANNOT_PAY)),
            ("tonight", Cue(Reason.TIME_IS_SHORT)),
        ],
        "es": [("no puedo pagar", Cue(Situation.CANNOT_PAY)), ("esta noche", Cue(Reason.TIME_IS_SHORT))],
        "fr": [("impossible de payer", Cue(Situation.CANNOT_PAY))],
    }
)


def meanings(text: str, language: str) -> set[Situation | Reason | Subject | Sign | Concept]:
    return {hit.label.meaning for hit in CUES.find(text, language)}


def test_the_posts_own_language_is_searched() -> None:
    assert meanings("No puedo pagar", "es") == {Situation.CANNOT_PAY}


def test_english_is_searched_too() -> None:
    assert meanings("no puedo pagar, I need it tonight", "es") == {Situation.CANNOT_PAY, Reason.TIME_IS_SHORT}


@pytest.mark.parametrize("language", ["en", "it", "und", ""])
def test_a_wrong_or_unknown_language_still_finds_cues(language: str) -> None:
    assert Situation.CANNOT_PAY in meanings("impossible de payer", language)


def test_an_empty_text_has_no_cues() -> None:
    assert CUES.find("", "en") == []
