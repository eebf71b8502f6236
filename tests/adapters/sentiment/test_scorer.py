"""Score sentiment: VADER for English, the lexicon of `prompts/` for other languages."""

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from adapters.prompts.triage import load_words
from adapters.sentiment import VaderSentiment
from adapters.sentiment.scorer import MAX_SCORED_LENGTH
from sandbox.mentions import read
from tests.source import ROOT

WORDS = load_words(ROOT / "prompts")
SENTIMENT = VaderSentiment(WORDS.sentiment, WORDS.negations)
PLAIN = VaderSentiment({}, {})


@pytest.mark.parametrize(
    ("language", "kind", "hostile"),
    [
        ("en", "I love this, thank you so much", "this is the worst garbage, I hate it"),
        ("es", "me encanta, muchas gracias", "qué vergüenza, sois un asco"),
        ("fr", "bravo et merci, c'est parfait", "c'est une honte, quelle arnaque"),
        ("de", "super Service, danke, ich bin begeistert", "eine Frechheit, totaler Schrott"),
        ("pt", "adorei, muito obrigada, excelente", "que vergonha, app lixo"),
        ("it", "complimenti, ottimo servizio", "che schifo, una vergogna"),
        ("nl", "geweldig, bedankt", "waardeloos en belachelijk"),
        ("tr", "harika, teşekkürler", "rezalet, berbat"),
        ("ja", "最高です、ありがとう", "最悪、本当にがっかり"),
        ("ar", "خدمة ممتازة شكرا", "خدمة سيئة وفاشلة"),
        ("ko", "❤️🎉", "😡👎"),
    ],
)
def test_kind_words_are_kind_and_hostile_ones_hostile(language: str, kind: str, hostile: str) -> None:
    assert SENTIMENT.score(kind, language) > 0.4
    assert SENTIMENT.score(hostile, language) < -0.4


def test_a_not_turns_a_word_around() -> None:
    assert SENTIMENT.score("no me encanta", "es") < 0 < SENTIMENT.score("me encanta", "es")


def test_our_additions_reach_the_english_lexicon() -> None:
    assert VaderSentiment({"en": {"wibbly": -3.0}}, {}).score("so wibbly", "en") < -0.4


@pytest.fixture(scope="module")
def vader() -> SentimentIntensityAnalyzer:
    """Return the library's own analyser."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return SentimentIntensityAnalyzer()


def test_english_is_scored_as_vader_scores_it(vader: SentimentIntensityAnalyzer) -> None:
    texts = [mention["text"] for name in ("demo", "odd", "fresh", "calm") for mention in read(name)]
    assert {text: PLAIN.score(text, "en") for text in texts} == {
        text: vader.polarity_scores(text)["compound"] for text in texts
    }


_TELLING_WORDS = st.sampled_from(
    [
        "good",
        "bad",
        "love",
        "hate",
        "LOVE",
        "GREAT",
        "not",
        "never",
        "no",
        "without",
        "doubt",
        "so",
        "this",
        "very",
        "kind",
        "of",
        "sort",
        "least",
        "at",
        "but",
        "or",
        "the",
        "shit",
        "bomb",
        "yeah",
        "right",
        "kiss",
        "of",
        "death",
        "to",
        "die",
        "for",
        "bus",
        "stop",
        "isn't",
        "won't",
        "😀",
        ":)",
        "!!!",
        "??",
    ]
)


@settings(deadline=None)
@given(st.lists(_TELLING_WORDS, max_size=14))
def test_any_order_of_telling_words_is_scored_as_vader_scores_it(
    vader: SentimentIntensityAnalyzer, words: list[str]
) -> None:
    text = " ".join(words)
    assert PLAIN.score(text, "en") == vader.polarity_scores(text)["compound"]


def test_only_the_beginning_of_a_very_long_text_is_scored() -> None:
    """A customer may write a mail of any length."""
    kind = "I love this, thank you. ".ljust(MAX_SCORED_LENGTH)
    assert SENTIMENT.score(kind + "I hate it. " * 8_000, "en") == SENTIMENT.score(kind, "en") > 0.4


@pytest.mark.parametrize("language", ["en", "es", "ja", "ko"])
def test_nothing_is_neutral(language: str) -> None:
    assert SENTIMENT.score("", language) == 0


@settings(deadline=None)
@given(st.text(st.characters()), st.sampled_from(["en", "es", "ja", "und"]))
def test_any_text_has_a_score_in_range(text: str, language: str) -> None:
    assert -1 <= SENTIMENT.score(text, language) <= 1
