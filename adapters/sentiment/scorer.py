"""Score sentiment: VADER for English, a lexicon of ours for the other languages."""

import math
import threading
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from domain.triage.phrases import Phrases, tokens
from domain.triage.situations import ENGLISH

if TYPE_CHECKING:
    from adapters.sentiment.vader import LinearVader

EMOJI = "emoji"
_ALPHA = 15  # VADER's alpha: normalises a sum of valences to -1..1
_NEGATION_FACTOR = -0.74  # VADER's factor of a negated valence
_NEGATION_REACH = 3  # tokens after a negation
#: Characters of an English text that are scored.
MAX_SCORED_LENGTH = 4_000

Lexicon = Mapping[str, Mapping[str, float]]


class VaderSentiment:
    """Implements `domain.triage.sentiment.SentimentScorer`.

    `lexicon` is valence by phrase by language, with the emoji under "emoji"; `negations` are the words that
    invert a valence, by language. Method: Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for
    Sentiment Analysis" (2014).
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
        self._vader: LinearVader | None = None
        self._lock = threading.Lock()

    def score(self, text: str, language: str) -> float:
        """Return the sentiment of a text in this language, from -1 (hostile) to 1 (delighted)."""
        if language == ENGLISH:
            return float(self._vader_analyser().polarity_scores(text[:MAX_SCORED_LENGTH])["compound"])
        return self._by_lexicon(text, language)

    def _by_lexicon(self, text: str, language: str) -> float:
        words = tokens(text)
        found = self._phrases.get(language, self._emoji).find(words)
        if not found:
            return 0.0
        negations = self._negations.get(language)
        negated_at = [hit.at for hit in negations.find(words)] if negations else []
        total = sum(
            hit.label
            * (_NEGATION_FACTOR if any(0 < hit.at - at <= _NEGATION_REACH for at in negated_at) else 1)
            for hit in found
        )
        return total / math.sqrt(total * total + _ALPHA)

    def _vader_analyser(self) -> "LinearVader":
        """Return VADER's analyser, made at the first use: it reads two files and imports an HTTP library."""
        with self._lock:
            if self._vader is None:
                from adapters.sentiment.vader import LinearVader

                with warnings.catch_warnings():
                    # It opens its files with codecs.open, deprecated in 3.14.
                    warnings.simplefilter("ignore", DeprecationWarning)
                    self._vader = LinearVader()
                self._vader.lexicon.update(self._english_additions)
        return self._vader
