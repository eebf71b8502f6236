"""Rank saved replies for a message by similarity and by the likely situations, without a filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation

#: Examples whose similarity counts: several that are near say more than one that is nearest by chance.
_NEAREST = 3
#: Weights against the similarity of the examples, which is from -1 to 1; see docs/words.md.
_TEXT_WEIGHT = 0.2
_SITUATION_WEIGHT = 0.2
_DECIDED_WEIGHT = 0.05
#: Below these a reply is only offered among others, not suggested. Of the suggestions some 70 % are right,
#: see docs/words.md.
_MIN_SCORE = 0.42
_MIN_SITUATION = 0.2
#: A reply for these alone would mock whoever has trouble.
_GLAD = frozenset({Situation.PRAISE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySimilarity:
    """How similar a message is to a saved reply: cosines with each example, and with the reply's own text."""

    reply: SavedReply
    examples: Sequence[float]
    text: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedReply:
    """A saved reply with its score, and the probability that the message is about one of its situations.

    `is_amiss` is whether it is glad with a customer who is not.
    """

    reply: SavedReply
    score: float
    situation: float
    is_amiss: bool = False

    @property
    def is_suggestion(self) -> bool:
        """Whether it may be suggested by itself: when unsure, nothing is."""
        return self.score >= _MIN_SCORE and self.situation >= _MIN_SITUATION and not self.is_amiss


def rank_replies(
    similarities: Sequence[ReplySimilarity], situations: Mapping[Situation, float], decided: Situation
) -> list[RankedReply]:
    """Return the replies, the best first.

    `situations` are the probabilities of what the message is about, `decided` is what the card says of it.
    """
    ranked = [_ranked(similarity, situations, decided) for similarity in similarities]
    return sorted(ranked, key=lambda ranked: (-ranked.score, ranked.reply.name))


def _ranked(
    similarity: ReplySimilarity, situations: Mapping[Situation, float], decided: Situation
) -> RankedReply:
    reply = similarity.reply
    nearest = sorted(similarity.examples, reverse=True)[:_NEAREST]
    probability = sum(situations.get(situation, 0.0) for situation in reply.situations)
    # A reply for many situations says less of each.
    specificity = len(reply.situations) ** -0.5
    return RankedReply(
        reply=reply,
        score=sum(nearest) / len(nearest)
        + _TEXT_WEIGHT * similarity.text
        + specificity * (_SITUATION_WEIGHT * probability + _DECIDED_WEIGHT * (decided in reply.situations)),
        situation=probability,
        is_amiss=reply.situations <= _GLAD and decided not in _GLAD,
    )
