"""Protocol of sentence encoders: a text becomes a vector, and similar texts have similar vectors."""

import struct
from array import array
from collections.abc import Sequence
from typing import Protocol, TypeAlias

#: 32-bit floats (`array("f")`) of Euclidean length 1, so that the dot product of two is their cosine.
Vector: TypeAlias = "array[float]"


_HALF_SIZE = 2  # bytes of a number that is kept


def packed(vector: Vector) -> bytes:
    """Pack a vector for storage: 16-bit floats, little-endian, which keep three digits."""
    return struct.pack(f"<{len(vector)}e", *vector)


def unpacked(data: bytes) -> Vector:
    """Return the vector that `packed` made of another one."""
    return array("f", struct.unpack(f"<{len(data) // _HALF_SIZE}e", data))


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
