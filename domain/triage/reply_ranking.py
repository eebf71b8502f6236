"""Rank saved replies for a message by similarity and by the likely situations, without a filter."""

import heapq
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain.triage.reply_mood import is_glad, suits_mood
from domain.triage.reply_weights import BY_TFIDF, RankingWeights
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Reason, Situation, Subject

#: What the situation of safety and the law does not imply.
_NARROW = frozenset({Reason.DISTRESS, Subject.DATA_SHOWN})
#: Examples whose similarity counts: several that are near say more than one that is nearest by chance.
_NEAREST = 3
#: Examples and answers that a reply must have to count by their mean as much as by that of all replies.
_FEW = 3
#: More than any similarity: what a person says a message is about decides.
_CORRECTED_WEIGHT = 2.0
#: A reply for these alone has no topic. It is suggested only where an example says nearly the same: short
#: texts are all alike to the encoder, and "ok lol" is no greeting.
_NO_TOPIC = frozenset({Situation.OTHER})
#: A suggestion is thrown away for more reasons than that it was wrong.
_THROWN_AWAY_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class LearntSimilarity:
    """Cosines of a message with those that were answered by a saved reply, and with those that were not.

    `used_by_words` are the first ones again, by words.
    """

    used: list[float] = field(default_factory=list)
    thrown_away: list[float] = field(default_factory=list)
    used_by_words: list[float] = field(default_factory=list)


_NOTHING_LEARNT = LearntSimilarity()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySimilarity:
    """How similar a message is to a saved reply: cosines with each example, and with the reply's own text.

    `by_words` is the same by words; `None` where the message is compared in one way alone.
    """

    reply: SavedReply
    examples: Sequence[float]
    text: float
    by_words: "ReplySimilarity | None" = None


@dataclass(frozen=True, slots=True)
class MessageToAnswer:
    """What is known of the message: the probabilities of its situations, the decided one, its reasons.

    `is_corrected` is whether a person has said what it is about: replies for that come first. Where it
    `is_doubtful_praise`, no glad reply is suggested.
    """

    situations: Mapping[Situation, float]
    decided: Situation
    reasons: Collection[str] = ()
    is_corrected: bool = False
    is_doubtful_praise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedReply:
    """A saved reply with its score, and why it is where it is.

    `rank` is what replies are ordered by: the `score`, and what counts in the order alone. `is_decided` is
    whether the assessment is one of its situations. `example` is the reply's own example that is nearest to
    the message, empty where none is near; `sent_in_such_cases` counts the similar messages that it has
    answered. `suits` is whether it is glad where the customer is and only there, and is for no reason that
    the message does not have. `is_far` is whether a question is about something else than its examples and
    what it has answered, and it is not the usual reply. `is_suggestion` is whether it may be suggested by
    itself: when unsure, nothing is.
    """

    reply: SavedReply
    score: float
    rank: float
    is_decided: bool = False
    example: str = ""
    sent_in_such_cases: int = 0
    suits: bool = False
    is_far: bool = False
    is_suggestion: bool = False


def rank_replies(
    similarities: Sequence[ReplySimilarity],
    message: MessageToAnswer,
    *,
    learnt: Mapping[str, LearntSimilarity],
    weights: RankingWeights,
) -> Iterator[RankedReply]:
    """Iterate over the replies, the best first. `learnt` is by name of the reply."""
    support = {name: _support(found, weights) for name, found in learnt.items()}
    total = weights.prior + sum(max(value, 0.0) for value in support.values())
    with_learnt = [(one, learnt.get(one.reply.name, _NOTHING_LEARNT)) for one in similarities]
    usual = _mean(cosine for one in with_learnt for cosine in _all_cosines(*one))
    ranked = []
    for similarity, own in with_learnt:
        by_answers = weights.learnt * support.get(similarity.reply.name, 0.0) / total
        score = _score(similarity, own, message, weights) + by_answers
        rank = score + _in_order_alone(similarity, own, usual, weights)
        ranked.append(_ranked(similarity, message, own, score=score, rank=rank, weights=weights))

    best_sure = max((found.rank for found in ranked if found.is_suggestion), default=math.inf)
    usual_rank = max((found.rank for found in ranked if _is_usual(found.reply, message)), default=math.inf)

    def key(found: RankedReply) -> tuple[bool, float, bool, str]:
        # What was sent often in such cases must not push aside the reply for whoever is in danger.
        is_for_reason = found.is_suggestion and not found.reply.reasons.isdisjoint(message.reasons)
        rank = found.rank if found.suits else min(found.rank, best_sure)
        rank = min(rank, usual_rank) if found.is_far else rank
        return not is_for_reason, -rank, found.is_far or not found.suits, found.reply.name

    yield from sorted(ranked, key=key)


def _all_cosines(similarity: ReplySimilarity, learnt: LearntSimilarity) -> list[float]:
    return [*similarity.examples, *learnt.used]


def _mean(cosines: Iterable[float], *, usual: float = 0.0, few: int = 0) -> float:
    """Return the mean; that of few cosines is drawn to the `usual` one."""
    found = list(cosines)
    return (sum(found) + few * usual) / max(1, len(found) + few)


def _in_order_alone(
    similarity: ReplySimilarity, learnt: LearntSimilarity, usual: float, weights: RankingWeights
) -> float:
    """Return what a reply gains against others: the score that decides on a suggestion is without it."""
    words = similarity.by_words
    return (
        weights.usual * similarity.reply.usual
        + weights.mean * _mean(_all_cosines(similarity, learnt), usual=usual, few=_FEW)
        + weights.by_words
        * (_nearness(words.examples, learnt.used_by_words) + BY_TFIDF.text * words.text if words else 0.0)
    )


def _support(learnt: LearntSimilarity, weights: RankingWeights) -> float:
    """Sum what each answer says for the reply, by how similar its message is (a kernel density)."""

    def kernel(cosine: float) -> float:
        return math.exp(weights.sharpness * (cosine - 1))

    against = _THROWN_AWAY_WEIGHT * sum(map(kernel, learnt.thrown_away))
    return sum(map(kernel, learnt.used)) - against


def _score(
    similarity: ReplySimilarity, learnt: LearntSimilarity, message: MessageToAnswer, weights: RankingWeights
) -> float:
    """Score a reply without the other replies."""
    reply = similarity.reply
    by_situation = (
        weights.situation * _probability(reply, message)
        + weights.decided * (message.decided in reply.situations)
        + weights.reason * (not reply.reasons.isdisjoint(message.reasons))
    )
    return (
        _nearness(similarity.examples, [weights.answered * cosine for cosine in learnt.used])
        + weights.text * similarity.text
        # A reply for many situations says less of each.
        + by_situation / math.sqrt(len(reply.situations))
        + _CORRECTED_WEIGHT * (message.is_corrected and message.decided in reply.situations)
    )


def _nearness(examples: Sequence[float], answered: Sequence[float]) -> float:
    """Return the mean similarity of the nearest examples; answered messages replace farther ones."""
    own = heapq.nlargest(_NEAREST, examples)
    mean = sum(own) / max(1, len(own))
    filled = [*own, *[mean] * (_NEAREST - len(own))]
    return sum(heapq.nlargest(_NEAREST, [*filled, *answered])) / _NEAREST


def _probability(reply: SavedReply, message: MessageToAnswer) -> float:
    """Return how likely the message is about one of the reply's situations."""
    return sum([message.situations.get(situation, 0.0) for situation in reply.situations])


def _ranked(
    similarity: ReplySimilarity,
    message: MessageToAnswer,
    learnt: LearntSimilarity,
    *,
    score: float,
    rank: float,
    weights: RankingWeights,
) -> RankedReply:
    reply, decided = similarity.reply, message.decided
    probability = _probability(reply, message)
    sent = sum(cosine >= weights.near for cosine in learnt.used)
    was_sent = max(learnt.used, default=0.0) >= weights.min_sent
    is_likely = probability >= weights.min_situation or was_sent
    nearest = max([*similarity.examples, *learnt.used], default=0.0)
    suits = suits_mood(reply, decided) and (
        nearest >= weights.min_nearest
        or _is_for_its_reasons(reply, message, is_near=nearest >= _needed(reply, weights))
    )
    has_topic = not reply.situations <= _NO_TOPIC
    is_glad_enough = not is_glad(reply) or (
        not message.is_doubtful_praise and (probability >= weights.min_glad or nearest >= weights.min_nearest)
    )
    is_sure = (
        suits
        and is_glad_enough
        and (has_topic or max(similarity.examples, default=0.0) >= weights.min_nearest)
    )
    return RankedReply(
        reply=reply,
        score=score,
        rank=rank,
        is_decided=decided in reply.situations,
        example=_nearest_example(similarity, weights),
        sent_in_such_cases=sent,
        suits=suits,
        is_far=decided is Situation.QUESTION and nearest < weights.min_question and not reply.usual,
        is_suggestion=score >= weights.min_score and is_likely and is_sure,
    )


def _is_usual(reply: SavedReply, message: MessageToAnswer) -> bool:
    return reply.usual and message.decided in reply.situations


def _is_for_its_reasons(reply: SavedReply, message: MessageToAnswer, *, is_near: bool) -> bool:
    """Return whether a reply is for no reason, or for one of the message's.

    What is about safety or the law is so whether a phrase gave it away or not. Two replies need more: that
    we worry about them is said only to who speaks of suicide, or nearly so (whoever asks for a doctor for
    somebody else does not), and that data is for its owner only where it was shown to others, or nearly so.
    """
    return (
        not reply.reasons
        or not reply.reasons.isdisjoint(message.reasons)
        or (message.decided is Situation.SAFETY_OR_LEGAL and (is_near or not reply.reasons <= _NARROW))
    )


def _needed(reply: SavedReply, weights: RankingWeights) -> float:
    return weights.near if Reason.DISTRESS in reply.reasons else weights.min_narrow


def _nearest_example(similarity: ReplySimilarity, weights: RankingWeights) -> str:
    nearest = max(similarity.examples, default=0.0)
    if nearest < weights.near:
        return ""
    return similarity.reply.examples[similarity.examples.index(nearest)]
