"""Hash n-grams: which words, pairs of words and parts of words a text has, as numbers of buckets."""

import math
import zlib
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from domain.triage.phrases import tokens

#: Numbers of buckets; two n-grams in one bucket are rare enough to cost nothing. See docs/words.md.
BUCKETS = 8192
#: The weight of all n-grams of a text together, against the vector, whose length is 1.
_LENGTH = 1.0
_PART_SIZES = (3, 4)  # characters, with the spaces around the word
_CACHED_WORDS = 4_096  # 1 MB


@dataclass(frozen=True, slots=True)
class NGrams:
    """The buckets of the n-grams of a text, and the weight of each: Euclidean length 1 together."""

    buckets: "array[int]" = field(default_factory=lambda: array("H"))
    weights: "array[float]" = field(default_factory=lambda: array("f"))


def hashed_ngrams(text: str) -> NGrams:
    """Return the n-grams of a text, weighted by the logarithm of how often they occur."""
    counts = Counter(_buckets(tokens(text)))
    weights = [1 + math.log(count) for count in counts.values()]
    length = math.hypot(*weights) or 1.0
    return NGrams(array("H", counts), array("f", [_LENGTH * weight / length for weight in weights]))


def _buckets(words: Sequence[str]) -> list[int]:
    """Return the buckets of words, pairs of words (with the start and end of the text), and parts of words.

    The first letter tells the kinds apart.
    """
    found = [_bucket(f"w{word}") for word in words]
    found += [_bucket(f"b{one} {other}") for one, other in pairwise(["^", *words, "$"])]
    for word in words:
        found += _parts(word)
    return found


@lru_cache(_CACHED_WORDS)
def _parts(word: str) -> tuple[int, ...]:
    """Return the buckets of the parts of a word. Cached: a few words make up most of all texts."""
    spaced = f" {word} "
    return tuple(
        _bucket(f"c{spaced[at : at + size]}") for size in _PART_SIZES for at in range(len(spaced) - size + 1)
    )


def _bucket(ngram: str) -> int:
    return zlib.crc32(ngram.encode()) % BUCKETS
