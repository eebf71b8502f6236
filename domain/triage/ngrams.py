"""Hashed n-grams: which words, pairs of words and parts of words a text has, as numbers of buckets."""

import math
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from domain.triage.phrases import tokens

#: Numbers of buckets; two n-grams in one bucket are rare enough to cost nothing. See docs/words.md.
BUCKETS = 8192
#: The weight of all n-grams of a text together, against the vector, whose length is 1.
_LENGTH = 1.0
_PART_SIZES = (3, 4)  # characters, with the spaces around the word


@dataclass(frozen=True, slots=True)
class NGrams:
    """The buckets of the n-grams of a text, and the weight of each: Euclidean length 1 together."""

    buckets: "array[int]" = field(default_factory=lambda: array("H"))
    weights: "array[float]" = field(default_factory=lambda: array("f"))


def hashed_ngrams(text: str) -> NGrams:
    """Return the n-grams of a text, weighted by the logarithm of how often they occur."""
    counts = Counter(zlib.crc32(ngram.encode()) % BUCKETS for ngram in _ngrams(tokens(text)))
    weights = [1 + math.log(count) for count in counts.values()]
    length = math.hypot(*weights) or 1.0
    return NGrams(array("H", counts), array("f", [_LENGTH * weight / length for weight in weights]))


def _ngrams(words: Sequence[str]) -> Iterator[str]:
    """Yield words, pairs of words (with the start and the end of the text), and parts of words.

    The first letter tells the kinds apart.
    """
    yield from (f"w{word}" for word in words)
    yield from (f"b{one} {other}" for one, other in pairwise(["^", *words, "$"]))
    for word in words:
        spaced = f" {word} "
        for size in _PART_SIZES:
            yield from (f"c{spaced[at : at + size]}" for at in range(len(spaced) - size + 1))
