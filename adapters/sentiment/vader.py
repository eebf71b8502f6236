"""Make VADER's time grow with the length of a text, not with its square; its scores stay the same.

Imported when first needed: the library reads two files and imports an HTTP library.
"""

from collections.abc import Sequence

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

_BEFORE, _AFTER = 3, 2  # words around the scored one that the library's checks look at


class LinearVader(SentimentIntensityAnalyzer):  # type: ignore[misc]  # VADER has no types
    """VADER's analyser, whose checks get the words around the scored one instead of the whole text.

    The library lower-cases the whole text in each of these checks, which it calls for each scored word.
    """

    def _negation_check(self, valence: float, words: Sequence[str], start_i: int, i: int) -> float:
        near, at = _around(words, i)
        return float(super()._negation_check(valence, near, start_i, at))

    def _special_idioms_check(self, valence: float, words: Sequence[str], i: int) -> float:
        near, at = _around(words, i)
        return float(super()._special_idioms_check(valence, near, at))


def _around(words: Sequence[str], at: int) -> tuple[Sequence[str], int]:
    """Return the words around a position, and the position among them."""
    first = max(0, at - _BEFORE)
    return words[first : at + _AFTER + 1], at - first
