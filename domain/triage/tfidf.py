"""Compare texts by TF-IDF of their words and character n-grams, without a model."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from domain.triage.phrases import is_unspaced, tokens

_NGRAM_LENGTHS = (3, 4)
#: Most posts have their weight in a few words; n-grams find the misspelt and the inflected ones.
_NGRAM_WEIGHT = 0.5
#: An n-gram in more than this share of the texts (and this many) says little, and takes most of the time.
_COMMON = 0.05
_MIN_COMMON = 10
#: Terms; some 5 MB. The same few thousand make up most posts.
_CACHED_TERMS = 4_096


class TfidfIndex:
    """Texts to compare others with.

    The vector of a text is the sum of those of its distinct terms, so that what a term adds to each cosine is
    computed once. For its length the terms count as if they had no n-gram in common. Thread-safe.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        terms = [_terms(text) for text in texts]
        document_counts = Counter(
            feature for own in terms for feature in {f for term in own for f in _features(term)}
        )
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
        for number, own in enumerate(terms):
            weighed = [self._weigh(term) for term in own]
            length = math.sqrt(sum(weight * weight for term in weighed for _, weight in term))
            vector: dict[str, float] = defaultdict(float)
            for feature, weight in chain.from_iterable(weighed):
                vector[feature] += weight
            for feature, weight in vector.items():
                self._postings[feature].append((number, weight / length))
        self._compared = lru_cache(_CACHED_TERMS)(self._compare)

    def cosines(self, text: str) -> list[float]:
        """Return the cosine with each of the index's texts, from 0 to 1, in their order."""
        cosines, square = [0.0] * self._count, 0.0
        for term in _terms(text):
            own_square, products = self._compared(term)
            square += own_square
            for number, product in products:
                cosines[number] += product
        # Terms with n-grams in common may add up to a little more than the length.
        scale = 1 / max(math.sqrt(square), *cosines) if square and cosines else 0.0
        return [cosine * scale for cosine in cosines]

    def _weigh(self, term: str) -> list[tuple[str, float]]:
        """Return the features of a term, weighed by their rarity."""
        idf, unknown = self._idf, self._unknown_idf
        return [
            (feature, idf.get(feature, unknown) * (_NGRAM_WEIGHT if feature[0] == " " else 1.0))
            for feature in _features(term)
            if feature not in self._ignored
        ]

    def _compare(self, term: str) -> tuple[float, list[tuple[int, float]]]:
        """Return the square of the length of a term's vector, and its scalar products with the texts."""
        square, products = 0.0, defaultdict[int, float](float)
        for feature, weight in self._weigh(term):
            square += weight * weight
            for number, other in self._postings.get(feature, ()):
                products[number] += weight * other
        return square, list(products.items())


def _terms(text: str) -> list[str]:
    """Return the distinct words and, in scripts without spaces, pairs of characters."""
    words = tokens(text)
    if any(map(is_unspaced, words)):
        words += tuple(a + b for a, b in pairwise(words) if is_unspaced(a) and is_unspaced(b))
    return list(dict.fromkeys(words))


def _features(term: str) -> list[str]:
    """Return the term and its distinct n-grams, which begin with a space."""
    return [term, *dict.fromkeys(_ngrams(term))] if len(term) > 1 and not is_unspaced(term) else [term]


def _ngrams(word: str) -> Iterator[str]:
    bounded = f"_{word}_"
    for length in _NGRAM_LENGTHS:
        for start in range(len(bounded) - length + 1):
            yield " " + bounded[start : start + length]
