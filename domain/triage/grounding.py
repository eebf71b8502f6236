"""Measure whether a draft says what the texts say that it stands on."""

from collections.abc import Iterable
from operator import mul

from domain.triage.encoder import Vector
from domain.triage.phrases import is_unspaced
from domain.triage.saved_replies import significant_words

#: The least share of a draft's words that its sources must have, in one language. Of our saved replies, 94 %
#: of the other wordings of a reply have it.
MIN_SHARED_WORDS = 0.3
#: The least cosine of a draft and one of its sources, across languages: 95 % of the translations of a saved
#: reply have 0.51; insults and invented promises had 0.22 at most.
MIN_COSINE = 0.45
_MIN_LETTERS = 4  # shorter words are in every text


def shared_words(text: str, sources: Iterable[str]) -> float:
    """Return the share of the text's longer words that its sources have; 0 where it has none."""
    words = _words(text)
    return len(words & frozenset().union(*map(_words, sources))) / len(words) if words else 0.0


def best_cosine(text: Vector, sources: Iterable[Vector]) -> float:
    """Return the highest cosine of a text with its sources."""
    return max((sum(map(mul, text, source)) for source in sources), default=0.0)


def _words(text: str) -> frozenset[str]:
    return frozenset(
        word for word in significant_words(text) if len(word) >= _MIN_LETTERS or is_unspaced(word[0])
    )
