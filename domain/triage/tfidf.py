"""Compare texts by TF-IDF of their words and character n-grams, without a model."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from domain.triage.phrases import is_unspaced, tokens

_NGRAM_LENGTHS = (3, 4)
#: Most posts have their weight in a few words; n-grams find the misspelt and the inflected ones.
_NGRAM_WEIGHT = 0.5
#: An n-gram in more than this share of the texts (and this many) says little, and takes most of the time.
_COMMON = 0.05
_MIN_COMMON = 10
#: Texts; some 20 MB. An index is made anew whenever an answer was learnt from.
_CACHED_FEATURES = 2_048


class TfidfIndex:
    """Texts to compare others with, as an inverted index of their weighted features."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        counts = [_features(text) for text in texts]
        document_counts = Counter(feature for features in counts for feature in features)
        common = max(_MIN_COMMON, self._count * _COMMON)
        self._idf = {
            feature: math.log((1 + self._count) / (1 + count)) + 1
            for feature, count in document_counts.items()
            if feature[0] != " " or count <= common
        }
        self._ignored = document_counts.keys() - self._idf.keys()
        #: Of a feature that no text has: it lowers the similarity with all of them.
        self._unknown_idf = math.log(1 + self._count) + 1
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, features in enumerate(counts):
            for feature, weight in self._unit_weights(features).items():
                self._postings[feature].append((number, weight))

    def cosines(self, text: str) -> list[float]:
        """Return the cosine with each of the index's texts, from 0 to 1, in their order."""
        cosines = [0.0] * self._count
        postings = self._postings
        for feature, weight in self._unit_weights(_features(text)).items():
            if feature in postings:
                for number, other in postings[feature]:
                    cosines[number] += weight * other
        return cosines

    def _unit_weights(self, features: "Counter[str]") -> dict[str, float]:
        """Weigh the features by frequency and rarity, to a vector of length 1."""
        weights = {
            feature: (1 + math.log(count))
            * self._idf.get(feature, self._unknown_idf)
            * (_NGRAM_WEIGHT if feature[0] == " " else 1.0)
            for feature, count in features.items()
            if feature not in self._ignored
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {feature: weight / length for feature, weight in weights.items()} if length else {}


@lru_cache(_CACHED_FEATURES)
def _features(text: str) -> "Counter[str]":
    """Count the words, the pairs of characters in scripts without spaces, and n-grams (with a space)."""
    words = tokens(text)
    found = Counter(words)
    found.update(one + other for one, other in pairwise(words) if is_unspaced(one) and is_unspaced(other))
    found.update(ngram for word in words if len(word) > 1 for ngram in _ngrams(word))
    return found


def _ngrams(word: str) -> Iterator[str]:
    bounded = f"_{word}_"
    for length in _NGRAM_LENGTHS:
        for start in range(len(bounded) - length + 1):
            yield " " + bounded[start : start + length]
