"""Compare a message with those that were answered before, and tell by which saved reply."""

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress

from domain.knowledge.reply_choices import ReplyChoice
from domain.triage.encoder import EncoderError
from domain.triage.reply_ranking import LearntSimilarity
from handlers.triage.text_index import IndexedText, MakeTextIndex, TextIndex
from storage.reply_choices import State
from storage.unit_of_work import UnitOfWork

#: Answers that are learnt from, the newest; see docs/words.md.
MAX_LEARNT = 1_000
_NOTHING = State(0, None)


class LearntReplies:
    """The answers that were sent, as examples of the saved replies that they used or threw away.

    `refresh` reads them again where they have changed, so that every copy of the bot learns at once. They are
    compared `by_words`, too, where that is another index. Thread-safe.
    """

    def __init__(self, make_index: MakeTextIndex, by_words: MakeTextIndex | None = None) -> None:
        self._make_index = make_index
        self._by_words = by_words
        self._lock = threading.Lock()
        self._state = _NOTHING
        self._texts: list[IndexedText] = []
        self._labels: list[tuple[str, str]] = []
        self._index: TextIndex | None = None
        self._word_index: TextIndex | None = None

    def refresh(self, uow: UnitOfWork) -> None:
        """Read the answers again, if others were sent since, or some were erased."""
        state = uow.reply_choices.state()
        if state != self._state:
            self.learn(uow.reply_choices.learnable(limit=MAX_LEARNT), state)

    def learn(self, choices: Sequence[ReplyChoice], state: State = _NOTHING) -> None:
        """Learn from these answers, and from no others; `state` is what they were read with."""
        with self._lock:
            # With them: of two that refresh at once, one may have read before an answer and learn last.
            self._state = state
            self._texts = [IndexedText(choice.asked, choice.vector, choice.encoder) for choice in choices]
            self._labels = [(choice.chosen, choice.thrown_away) for choice in choices]
            self._index = self._word_index = None

    @property
    def state(self) -> State:
        """Which answers were learnt from."""
        return self._state

    @property
    def is_prepared(self) -> bool:
        """Whether the answers are indexed."""
        return self._index is not None or not self._texts

    def prepare(self) -> None:
        """Index the answers ahead; a failure of the encoder is logged when they are compared."""
        with self._lock, suppress(EncoderError):
            self._indexed()

    def _indexed(self) -> TextIndex | None:
        """Return the index, made at the first use; `None` without answers. Call it with the lock."""
        if self._index is None and self._texts:
            self._index = self._make_index(self._texts)
            self._word_index = self._by_words(self._texts) if self._by_words else None
        return self._index

    def similarities(self, text: str) -> Mapping[str, LearntSimilarity]:
        """Compare a message with every answered one, by saved reply. Raises `EncoderError`."""
        with self._lock:
            index = self._indexed()
            if index is None:
                return {}
            word_index, labels = self._word_index, self._labels
        learnt: dict[str, LearntSimilarity] = {}
        by_words = word_index.cosines(text) if word_index else [0.0] * len(labels)
        for cosine, word_cosine, (chosen, thrown_away) in zip(
            index.cosines(text), by_words, labels, strict=True
        ):
            if chosen:
                found = learnt.setdefault(chosen, LearntSimilarity())
                found.used.append(cosine)
                found.used_by_words.append(word_cosine)
            if thrown_away:
                learnt.setdefault(thrown_away, LearntSimilarity()).thrown_away.append(cosine)
        return learnt
