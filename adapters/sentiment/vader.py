"""VADER with a short cut: its very scores, in a fraction of the time.

VADER looks at every word of a text in turn and lowers the case of all the others for each. Only a word of its lexicon can have
a valence, and what surrounds it counts for no more than three words before and two after. So only those are looked at.

Importing this loads an HTTP library that is not needed here, and building it reads two files: done at the first use.
"""

import warnings
from collections.abc import Mapping
from types import SimpleNamespace

from vaderSentiment.vaderSentiment import BOOSTER_DICT, SentimentIntensityAnalyzer, SentiText

_BEFORE, _AFTER = 3, 2


class QuickVader(SentimentIntensityAnalyzer):  # type: ignore[misc]  # the library has no types
    """VADER's analyser with one method more."""

    def compound(self, text: str) -> float:
        """Return `polarity_scores(text)["compound"]`."""
        text = self._spelled_out(text).strip()
        read = SentiText(text)
        words = read.words_and_emoticons
        low = [word.lower() for word in words]
        if self.lexicon.keys().isdisjoint(low):
            return 0.0
        valences: list[float] = [0.0] * len(words)
        for at, word in enumerate(low):
            if word in self.lexicon and word not in BOOSTER_DICT and low[at : at + 2] != ["kind", "of"]:
                first = max(0, at - _BEFORE)
                near = SimpleNamespace(
                    is_cap_diff=read.is_cap_diff, words_and_emoticons=words[first : at + _AFTER + 1]
                )
                (valences[at],) = self.sentiment_valence(0, near, words[at], at - first, [])
        return float(self.score_valence(self._but_check(words, valences), text)["compound"])

    def _spelled_out(self, text: str) -> str:
        """The text with each emoji as its description, with a space before where there is none."""
        if text.isascii() or self.emojis.keys().isdisjoint(text):
            return text
        parts = []
        spaced = True
        for character in text:
            description = self.emojis.get(character)
            if description and not spaced:
                parts.append(" ")
            parts.append(description or character)
            spaced = character == " "
        return "".join(parts)


def quick_vader(additions: Mapping[str, float]) -> QuickVader:
    """Build it, with words of ours in its lexicon (valence from -4 to 4)."""
    with warnings.catch_warnings():
        # It opens its files with codecs.open, deprecated in 3.14.
        warnings.simplefilter("ignore", DeprecationWarning)
        analyser = QuickVader()
    analyser.lexicon.update(additions)
    return analyser
