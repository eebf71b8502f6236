"""Compare a text with many: by the encoder's vectors, or by TF-IDF where there is no encoder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from domain.triage.encoder import Encoder, Vector, VectorIndex
from domain.triage.features import encodable
from domain.triage.tfidf import TfidfIndex


@dataclass(frozen=True, slots=True)
class IndexedText:
    """A text to compare others with; `vector` is its vector by the encoder `encoder`, where one is stored."""

    text: str
    vector: "Vector | None" = None
    encoder: str = ""


class TextIndex(Protocol):
    """Texts to compare others with."""

    def cosines(self, text: str) -> list[float]:
        """Return the cosine with each of the index's texts, in their order. May raise `EncoderError`."""
        ...


MakeTextIndex: TypeAlias = Callable[[Sequence[IndexedText]], TextIndex]


def tfidf_index(texts: Sequence[IndexedText]) -> TextIndex:
    """Make an index by TF-IDF."""
    return TfidfIndex([text.text for text in texts])


@dataclass(frozen=True, slots=True)
class EncodedIndexes:
    """Makes indexes by the encoder's vectors; `index` compares those."""

    encoder: Encoder
    index: Callable[[Sequence[Vector]], VectorIndex]

    def __call__(self, texts: Sequence[IndexedText]) -> TextIndex:
        """Make an index; encode the texts without a vector of this encoder. Raises `EncoderError`."""
        name = self.encoder.name
        known = [text.vector if text.encoder == name else None for text in texts]
        missing = [encodable(text.text) for text, vector in zip(texts, known, strict=True) if vector is None]
        encoded = iter(self.encoder.encode(missing))
        return _EncodedIndex(self.encoder, self.index([vector or next(encoded) for vector in known]))


@dataclass(frozen=True, slots=True)
class _EncodedIndex:
    encoder: Encoder
    index: VectorIndex

    def cosines(self, text: str) -> list[float]:
        """Implement `TextIndex`."""
        [vector] = self.encoder.encode([encodable(text)])
        return self.index.cosines(vector)
