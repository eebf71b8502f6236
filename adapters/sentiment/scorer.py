"""How kind or unkind a post sounds: VADER for English, a lexicon of ours for the other languages."""

import math
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from domain.triage.phrases import Phrases, tokens
from domain.triage.situations import ENGLISH

if TYPE_CHECKING:
    from adapters.sentiment.vader import QuickVader

EMOJI = "emoji"
_SPREAD = 15  # VADER's own: how soon a sum of valences comes near 1
_NEGATED = -0.74  # VADER's own: what a "not" makes of a valence
_NEGATION_REACH = 3

Lexicon = Mapping[str, Mapping[str, float]]


class VaderSentiment:
    """Scores a text from -1 to 1.

    `lexicon` is valence by phrase by language, with the emoji under "emoji"; `negations` the words that turn a valence around.
    Source of the method: Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis" (2014).
    """

    def __init__(self, lexicon: Lexicon, negations: Mapping[str, Sequence[str]]) -> None:
        self._english_additions = dict(lexicon.get(ENGLISH, {}))
        emoji = lexicon.get(EMOJI, {})
        self._phrases = {
            language: Phrases([*own.items(), *emoji.items()])
            for language, own in lexicon.items()
            if language not in {ENGLISH, EMOJI}
        }
        self._negations = {
            language: Phrases((word, True) for word in words) for language, words in negations.items()
        }
        self._emoji = Phrases(emoji.items())
        self._vader: QuickVader | None = None
        self._building = threading.Lock()

    def score(self, text: str, language: str) -> float:
        """Return the sentiment of a text in the language, from -1 (hostile) to 1 (delighted)."""
        if language == ENGLISH:
            return self._english().compound(text)
        return self._by_lexicon(text, language)

    def _by_lexicon(self, text: str, language: str) -> float:
        cut = tokens(text)
        found = self._phrases.get(language, self._emoji).find(cut)
        negations = self._negations.get(language)
        turns = [hit.at for hit in negations.find(cut)] if negations else []
        total = sum(
            hit.label * (_NEGATED if any(0 < hit.at - turn <= _NEGATION_REACH for turn in turns) else 1)
            for hit in found
        )
        return total / math.sqrt(total * total + _SPREAD)

    def _english(self) -> "QuickVader":
        with self._building:
            if self._vader is None:
                from adapters.sentiment.vader import (
                    quick_vader,
                )  # reads two files, and loads an HTTP library it does not need

                self._vader = quick_vader(self._english_additions)
        return self._vader
