"""Rank saved replies for a message by similarity and by the likely situations, without a filter."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from domain.triage.assessment import Assessment, Urgency
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation

#: Examples whose similarity counts: several that are near say more than one that is nearest by chance.
_NEAREST = 3
#: Weights against the similarity of the examples, which is from -1 to 1; see docs/words.md.
_TEXT_WEIGHT = 0.2
_SITUATION_WEIGHT = 0.2
_DECIDED_WEIGHT = 0.05
#: For a reply that is made for one of the message's reasons, such as that somebody is vulnerable.
_REASON_WEIGHT = 0.1
#: For the reply that is the usual one of its situations: it decides between two that are about as near.
_USUAL_WEIGHT = 0.045
#: Below these a reply is only offered among others, not suggested. Of the suggestions some 70 % are right,
#: see docs/words.md.
_MIN_SCORE = 0.42
_MIN_SITUATION = 0.2
#: A reply for these alone would mock whoever has trouble.
_GLAD = frozenset({Situation.PRAISE})
#: A reply for these alone has no topic. It is suggested only where an example says nearly the same: short
#: texts are all alike to the encoder, and "ok lol" is no greeting.
_NO_TOPIC = frozenset({Situation.OTHER})
_MIN_NEAREST = 0.78


def wants_reply(assessment: Assessment) -> bool:
    """Return whether a reply should be suggested: not for spam, nor where nothing is wanted.

    Praise and complaints are answered all the same.
    """
    if assessment.situation is Situation.SPAM:
        return False
    return assessment.urgency > Urgency.LOW or assessment.situation in {Situation.PRAISE, Situation.RANT}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySimilarity:
    """How similar a message is to a saved reply: cosines with each example, and with the reply's own text."""

    reply: SavedReply
    examples: Sequence[float]
    text: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedReply:
    """A saved reply with its score, and the probability that the message is about one of its situations.

    `rank` is the score by which replies are ordered: that of a usual reply is higher than its `score`.
    `is_amiss` is whether it is glad with a customer who is not, or not glad with one who is, or has no topic
    and is not nearly what the message says.
    """

    reply: SavedReply
    score: float
    rank: float
    situation: float
    is_amiss: bool = False

    @property
    def is_suggestion(self) -> bool:
        """Whether it may be suggested by itself: when unsure, nothing is."""
        return self.score >= _MIN_SCORE and self.situation >= _MIN_SITUATION and not self.is_amiss


def rank_replies(
    similarities: Sequence[ReplySimilarity],
    situations: Mapping[Situation, float],
    decided: Situation,
    reasons: Collection[str] = (),
) -> list[RankedReply]:
    """Return the replies, the best first.

    `situations` are the probabilities of what the message is about, `decided` and `reasons` are what the card
    says of it.
    """
    ranked = [_ranked(similarity, situations, decided, reasons) for similarity in similarities]
    return sorted(ranked, key=lambda ranked: (-ranked.rank, ranked.reply.name))


def _ranked(
    similarity: ReplySimilarity,
    situations: Mapping[Situation, float],
    decided: Situation,
    reasons: Collection[str],
) -> RankedReply:
    reply = similarity.reply
    nearest = sorted(similarity.examples, reverse=True)[:_NEAREST]
    probability = sum(situations.get(situation, 0.0) for situation in reply.situations)
    # A reply for many situations says less of each.
    specificity = len(reply.situations) ** -0.5
    score = (
        sum(nearest) / len(nearest)
        + _TEXT_WEIGHT * similarity.text
        + specificity * (_SITUATION_WEIGHT * probability + _DECIDED_WEIGHT * (decided in reply.situations))
        + _REASON_WEIGHT * (not reply.reasons.isdisjoint(reasons))
    )
    return RankedReply(
        reply=reply,
        score=score,
        rank=score + _USUAL_WEIGHT * reply.usual,
        situation=probability,
        is_amiss=(reply.situations <= _GLAD) is not (decided in _GLAD)
        or (reply.situations <= _NO_TOPIC and max(nearest, default=0.0) < _MIN_NEAREST),
    )
