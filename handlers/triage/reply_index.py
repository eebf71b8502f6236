"""Find the saved replies whose examples are similar to a message."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from domain.triage.encoder import EncoderError
from domain.triage.reply_ranking import ReplySimilarity
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import ENGLISH
from handlers.triage.text_index import IndexedText, MakeTextIndex, TextIndex


@dataclass(frozen=True, slots=True)
class _Entry:
    """A reply with the positions of its texts: one for each example, then one for its own."""

    reply: SavedReply
    start: int
    end: int


class ReplyIndex:
    """Compares messages with the examples and the texts of saved replies, which it indexes at the first use.

    Also `by_words`, where that is another index. Thread-safe.
    """

    def __init__(
        self,
        replies: Sequence[SavedReply],
        make_index: MakeTextIndex,
        by_words: MakeTextIndex | None = None,
    ) -> None:
        self._make_index = make_index
        self._by_words = ReplyIndex(replies, by_words) if by_words else None
        self._entries: list[_Entry] = []
        self._texts: list[IndexedText] = []
        for reply in replies:
            texts = [*reply.examples, f"{reply.title}. {_own_text(reply)}"]
            self._entries.append(_Entry(reply, len(self._texts), len(self._texts) + len(texts)))
            self._texts += map(IndexedText, texts)
        self._index: TextIndex | None = None
        self._lock = threading.Lock()

    def similarities(self, text: str) -> list[ReplySimilarity]:
        """Compare a message with every reply. Raises `EncoderError`."""
        if not self._entries:
            return []
        cosines = self._indexed().cosines(text)
        by_words = self._by_words.similarities(text) if self._by_words else [None] * len(self._entries)
        return [
            ReplySimilarity(
                reply=entry.reply,
                examples=cosines[entry.start : entry.end - 1],
                text=cosines[entry.end - 1],
                by_words=words,
            )
            for entry, words in zip(self._entries, by_words, strict=True)
        ]

    @property
    def is_prepared(self) -> bool:
        """Whether the texts are indexed."""
        is_indexed = self._index is not None or not self._entries
        return is_indexed and (self._by_words is None or self._by_words.is_prepared)

    def prepare(self) -> None:
        """Index the texts ahead; a failure of the encoder is logged when they are compared."""
        if self._entries:
            with suppress(EncoderError):
                self._indexed()
        if self._by_words:
            self._by_words.prepare()

    def _indexed(self) -> TextIndex:
        with self._lock:
            if self._index is None:
                self._index = self._make_index(self._texts)
            return self._index


def _own_text(reply: SavedReply) -> str:
    """Return the reply's first wording, in English if it has one there; empty if it has none at all."""
    in_english = reply.wordings.get(ENGLISH, ())
    return next((text for texts in (in_english, *reply.wordings.values()) for text in texts), "")
