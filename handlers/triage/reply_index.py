"""Find the saved replies whose examples are similar to a message."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from domain.triage.encoder import Encoder, EncoderError, Vector, VectorIndex
from domain.triage.features import encodable
from domain.triage.reply_ranking import ReplySimilarity
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import ENGLISH


@dataclass(frozen=True, slots=True)
class _Entry:
    """A reply with the positions of its vectors: one for each example, then one for its text."""

    reply: SavedReply
    start: int
    end: int


class ReplyIndex:
    """Encodes the examples and the texts of saved replies at the first use, and compares messages with them.

    `index` makes an index of vectors. Thread-safe.
    """

    def __init__(
        self,
        replies: Sequence[SavedReply],
        encoder: Encoder,
        index: Callable[[Sequence[Vector]], VectorIndex],
    ) -> None:
        self._encoder = encoder
        self._make_index = index
        self._entries: list[_Entry] = []
        self._texts: list[str] = []
        for reply in replies:
            texts = [*reply.examples, f"{reply.title}. {_own_text(reply)}"]
            self._entries.append(_Entry(reply, len(self._texts), len(self._texts) + len(texts)))
            self._texts += map(encodable, texts)
        self._index: VectorIndex | None = None
        self._lock = threading.Lock()

    def similarities(self, text: str) -> list[ReplySimilarity]:
        """Compare a message with every reply. Raises `EncoderError`."""
        if not self._entries:
            return []
        index = self._encoded()
        [vector] = self._encoder.encode([encodable(text)])
        cosines = index.cosines(vector)
        return [
            ReplySimilarity(
                reply=entry.reply,
                examples=cosines[entry.start : entry.end - 1],
                text=cosines[entry.end - 1],
            )
            for entry in self._entries
        ]

    def prepare(self) -> None:
        """Encode the texts ahead; a failure of the encoder is told when they are compared."""
        if self._entries:
            with suppress(EncoderError):
                self._encoded()

    def _encoded(self) -> VectorIndex:
        with self._lock:
            if self._index is None:
                self._index = self._make_index(self._encoder.encode(self._texts))
            return self._index


def _own_text(reply: SavedReply) -> str:
    """Return the reply's first wording, in English if it has one there; empty if it has none at all."""
    in_english = reply.wordings.get(ENGLISH, ())
    return next((text for texts in (in_english, *reply.wordings.values()) for text in texts), "")
