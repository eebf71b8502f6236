"""Protocol of sentence encoders: a text becomes a vector, and similar texts have similar vectors."""

from array import array
from collections.abc import Sequence
from typing import Protocol, TypeAlias

#: 32-bit floats (`array("f")`) of Euclidean length 1, so that the dot product of two is their cosine.
Vector: TypeAlias = "array[float]"


class EncoderError(Exception):
    """Texts cannot be encoded; the text says why, for the log."""


class Encoder(Protocol):
    """Encode texts as vectors."""

    @property
    def name(self) -> str:
        """The encoder with its version; vectors of two encoders cannot be compared."""
        ...

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """Return one vector for each text; a batch is faster than its texts one by one.

        Raises `EncoderError`.
        """
        ...


class VectorIndex(Protocol):
    """Vectors to compare others with."""

    def cosines(self, vector: Vector) -> list[float]:
        """Return the cosine with each of the index's vectors, in their order."""
        ...
