"""Search the saved replies for a message, by one kind of index."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from domain.triage.encoder import Encoder, Vector, VectorIndex
from domain.triage.reply_ranking import (
    MessageToAnswer,
    RankedReply,
    rank_replies,
)
from domain.triage.reply_weights import BY_ENCODER, BY_TFIDF, RankingWeights
from domain.triage.saved_replies import SavedReply
from handlers.triage.learnt_replies import LearntReplies
from handlers.triage.reply_index import ReplyIndex
from handlers.triage.text_index import EncodedIndexes, MakeTextIndex, tfidf_index


@dataclass(frozen=True, slots=True)
class ReplySearch:
    """The saved replies, what was learnt of them, and what counts how much in their order.

    Messages are compared by an index that `make_index` makes and, where there is one, `by_words` as well.
    """

    index: ReplyIndex
    learnt: LearntReplies
    weights: RankingWeights
    make_index: MakeTextIndex
    by_words: MakeTextIndex | None = None

    def with_replies(self, replies: Sequence[SavedReply]) -> "ReplySearch":
        """Return a search for these replies, with what was learnt."""
        return replace(self, index=ReplyIndex(replies, self.make_index, self.by_words))

    @property
    def is_prepared(self) -> bool:
        """Whether all texts that a message is compared with are indexed."""
        return self.index.is_prepared and self.learnt.is_prepared

    def prepare(self) -> None:
        """Index all texts ahead, outside of a transaction and in a thread of its own."""
        self.index.prepare()
        self.learnt.prepare()

    def rank(self, text: str, message: MessageToAnswer) -> Iterator[RankedReply]:
        """Iterate over all replies, the best first. May raise `EncoderError`, before the first."""
        return rank_replies(
            self.index.similarities(text),
            message,
            learnt=self.learnt.similarities(text),
            weights=self.weights,
        )


def encoder_search(
    replies: Sequence[SavedReply], encoder: Encoder, index: Callable[[Sequence[Vector]], VectorIndex]
) -> ReplySearch:
    """Make a search by the encoder's vectors, which `index` compares, and by words; nothing is learnt yet."""
    return _search(replies, EncodedIndexes(encoder, index), BY_ENCODER, tfidf_index)


def tfidf_search(replies: Sequence[SavedReply]) -> ReplySearch:
    """Make a search by TF-IDF; nothing is learnt yet."""
    return _search(replies, tfidf_index, BY_TFIDF)


def _search(
    replies: Sequence[SavedReply],
    make_index: MakeTextIndex,
    weights: RankingWeights,
    by_words: MakeTextIndex | None = None,
) -> ReplySearch:
    return ReplySearch(
        ReplyIndex(replies, make_index, by_words),
        LearntReplies(make_index, by_words),
        weights,
        make_index,
        by_words,
    )
