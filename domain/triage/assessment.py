"""Classify a message by rules, or by rules and trained heads: situation, urgency, and the reasons for it.

Sentiment is evidence for the situation (rant or praise, whether hints count), not an input of the urgency.
Reach (the number of followers) is listed among the reasons and has no effect.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from domain.triage.evidence import Evidence, situation_by_rules
from domain.triage.heads import HeadScores
from domain.triage.situations import Reason, Situation

LARGE_AUDIENCE = 10_000  # followers
#: The log-odds from which the heads say high (`high_log_odds`): some 7 % false alarms. See docs/words.md.
HIGH_FROM = -0.45
#: The log-odds from which a post wants something, where it is neither glad nor unhappy.
REQUEST_FROM = 0.55
_MIN_PROBABILITY = 1e-6

#: Reasons beside `Reason`, as stored with cases.
ASKS_QUESTION = "asks a question"
LARGE_AUDIENCE_REASON = "large audience"


class Urgency(IntEnum):
    """How soon a person should look at the case."""

    LOW = 0
    NORMAL = 1
    HIGH = 2
    URGENT = 3


@dataclass(frozen=True, slots=True)
class Assessment:
    """The classification of a message; `sentiment` is in [-1, 1].

    `request` is whether it wants something of us, as a person said who corrected the classification; `None`
    where nobody did, and in the assessment of a case.
    """

    language: str
    situation: Situation
    urgency: Urgency
    reasons: tuple[str, ...]
    sentiment: float
    request: bool | None = None

    @property
    def is_corrected(self) -> bool:
        """Whether a person corrected or confirmed it."""
        return self.request is not None


# The default is NORMAL, not LOW, so that a person looks at what the rules cannot classify.
_BASE_URGENCY = {
    Situation.SAFETY_OR_LEGAL: Urgency.HIGH,
    Situation.CANNOT_PAY: Urgency.HIGH,
    Situation.ACCOUNT_ACCESS: Urgency.HIGH,
    Situation.OUTAGE_REPORT: Urgency.HIGH,
    Situation.PRAISE: Urgency.LOW,
    Situation.SPAM: Urgency.LOW,
}
MIN_URGENCY = {
    Reason.SAFETY: Urgency.URGENT,
    Reason.DISTRESS: Urgency.URGENT,
    Reason.LEGAL_THREAT: Urgency.HIGH,
    Reason.MONEY: Urgency.HIGH,
}
_RAISES_URGENCY = (Reason.TIME_IS_SHORT, Reason.VULNERABLE)
IMPLIED_REASON = {
    Situation.CANNOT_PAY: Reason.MONEY,
    Situation.ACCOUNT_ACCESS: Reason.BLOCKED,
    Situation.OUTAGE_REPORT: Reason.BLOCKED,
}
_NO_PROBLEM = frozenset({Situation.PRAISE, Situation.SPAM, Situation.PRESS})
_WANTS_NOTHING = frozenset({Situation.PRAISE, Situation.OTHER})
_SIGNS_OF_SPAM = 2
_SPAM_FROM = 0.5
#: What tells of trouble, so that it is unlikely where nothing is wanted.
_TROUBLE = frozenset(
    {
        Situation.CANNOT_PAY,
        Situation.ACCOUNT_ACCESS,
        Situation.REFUND,
        Situation.DELIVERY,
        Situation.OUTAGE_REPORT,
        Situation.QUESTION,
    }
)
_SURE_FROM = 0.5
#: What a situation adds to the log-odds of high, times its probability. These and the next weight were found
#: by cross-validation over brands.
_ADDED_BY_SITUATION = {
    Situation.SAFETY_OR_LEGAL: 4.0,
    Situation.CANNOT_PAY: 2.0,
    Situation.ACCOUNT_ACCESS: 2.0,
    Situation.DELIVERY: 1.0,
    Situation.OUTAGE_REPORT: 1.0,
    Situation.PRESS: -1.0,
    Situation.PRAISE: -2.0,
    Situation.SPAM: -2.0,
    Situation.OTHER: -3.0,
}
#: What the log-odds of a request take from those of high, times themselves.
_TAKEN_BY_REQUEST = 0.3
#: What a decisive phrase is worth, in log-probability: the most that costs nothing on real posts.
_RULE_BONUS = 1.0


def assess_by_rules(evidence: Evidence, *, language: str, followers: int = 0) -> Assessment:
    """Classify a message by its phrases alone. `language` is an ISO 639-1 code."""
    situation = situation_by_rules(evidence)
    if situation is Situation.PRAISE and (evidence.asks_politely or evidence.thanks_in_vain):
        situation = Situation.OTHER
    reasons = _reasons(evidence, situation, is_certain=evidence.decides(situation))
    return Assessment(
        language=language,
        situation=situation,
        urgency=_urgency_by_rules(evidence, situation, reasons),
        reasons=_in_words(reasons, situation, followers),
        sentiment=evidence.sentiment,
    )


def urgency_by_rules(evidence: Evidence) -> Urgency:
    """Return the urgency that the phrases give, an input of the heads."""
    situation = situation_by_rules(evidence)
    reasons = _reasons(evidence, situation, is_certain=evidence.decides(situation))
    return _urgency_by_rules(evidence, situation, reasons)


def assess_with_heads(
    evidence: Evidence, scores: HeadScores, *, language: str, followers: int = 0
) -> Assessment:
    """Classify a message by the heads, whose inputs include what the rules find.

    The rules keep two guarantees: a grave phrase raises the urgency and nothing lowers it again, and a post
    that has no link, too few signs of spam, and perhaps a request, is not taken for spam.
    """
    situation = _situation_with_heads(evidence, scores)
    is_high = high_log_odds(scores) >= HIGH_FROM
    reasons = _reasons(evidence, situation, is_certain=is_high)
    return Assessment(
        language=language,
        situation=situation,
        urgency=_urgency_with_heads(evidence, scores, situation, reasons),
        reasons=_in_words(reasons, situation, followers),
        sentiment=scores.sentiment,
    )


def _situation_with_heads(evidence: Evidence, scores: HeadScores) -> Situation:
    """Return the likeliest situation.

    Where a phrase tells of danger or of the law, what tells of no problem is out of the question, and so is
    praise where the urgency is high; where somebody thanks in vain, praise and `OTHER` are. Thanks for what
    is still to be done are `OTHER`, and so is trouble that no phrase decides and of which the head is not
    sure, where nothing is wanted.
    """
    is_grave = _is_grave(evidence)
    is_high = high_log_odds(scores) >= HIGH_FROM
    possible = {
        situation: probability
        for situation, probability in situation_probabilities(evidence, scores).items()
        if not (is_grave and situation in _NO_PROBLEM)
        and not (is_high and situation is Situation.PRAISE)
        and not (evidence.thanks_in_vain and situation in _WANTS_NOTHING)
        and (situation is not Situation.SPAM or _may_be_spam(evidence, scores))
    }
    likeliest = max(possible, key=possible.__getitem__)
    if likeliest is Situation.PRAISE and evidence.asks_politely:
        return Situation.OTHER
    is_sure = evidence.decides(likeliest) or possible[likeliest] >= _SURE_FROM
    wants_nothing = scores.request < REQUEST_FROM and not is_high and not evidence.thanks_in_vain
    return Situation.OTHER if likeliest in _TROUBLE and wants_nothing and not is_sure else likeliest


def situation_probabilities(evidence: Evidence, scores: HeadScores) -> dict[Situation, float]:
    """Return the heads' probabilities; the situation that the rules decide has a bonus in log-probability.

    Who speaks of suicide is in danger, whatever the heads say: they have hardly seen such posts.
    """
    if Reason.DISTRESS in evidence.reasons:
        return {situation: float(situation is Situation.SAFETY_OR_LEGAL) for situation in scores.situations}
    by_rules = situation_by_rules(evidence)
    bonus = math.exp(_RULE_BONUS) if evidence.decides(by_rules) else 1.0
    weighted = {
        situation: probability * (bonus if situation is by_rules else 1.0)
        for situation, probability in scores.situations.items()
    }
    total = sum(weighted.values())
    return {situation: weight / total for situation, weight in weighted.items()}


def _is_grave(evidence: Evidence) -> bool:
    return evidence.decides(Situation.SAFETY_OR_LEGAL) and not evidence.reasons.isdisjoint(MIN_URGENCY)


def _may_be_spam(evidence: Evidence, scores: HeadScores) -> bool:
    is_likely = scores.situations[Situation.SPAM] >= _SPAM_FROM and not wants_something(scores)
    return is_likely or evidence.has_link or len(evidence.phrases.get(Situation.SPAM, ())) >= _SIGNS_OF_SPAM


def _in_words(reasons: Sequence[Reason], situation: Situation, followers: int) -> tuple[str, ...]:
    words = [reason.value for reason in reasons]
    if situation is Situation.QUESTION:
        words.append(ASKS_QUESTION)
    if followers >= LARGE_AUDIENCE and situation is not Situation.SPAM:
        words.append(LARGE_AUDIENCE_REASON)
    return tuple(words)


def _reasons(evidence: Evidence, situation: Situation, *, is_certain: bool) -> list[Reason]:
    """List the reasons, in the order of `Reason`; praise and spam have none.

    What the situation implies is a reason only where the situation is certain.
    """
    if situation in {Situation.PRAISE, Situation.SPAM}:
        return []
    reasons = set(evidence.reasons)
    if situation in IMPLIED_REASON and is_certain:
        reasons.add(IMPLIED_REASON[situation])
    if situation in _NO_PROBLEM:
        reasons &= {Reason.TIME_IS_SHORT}
    return [reason for reason in Reason if reason in reasons] if reasons else []


def _urgency_by_rules(evidence: Evidence, situation: Situation, reasons: Sequence[Reason]) -> Urgency:
    """Compute the urgency from the situation's base urgency and the reasons.

    A situation that is only hinted at gets at most NORMAL. Praise with a grave reason gets NORMAL, so that a
    person looks at it.
    """
    urgency = _BASE_URGENCY.get(situation, Urgency.NORMAL)
    urgency = urgency if evidence.decides(situation) else min(urgency, Urgency.NORMAL)
    if Reason.BLOCKED in reasons or Reason.LONG_WAIT in reasons:
        urgency = max(urgency, Urgency.NORMAL)
    if situation is Situation.PRAISE and not evidence.reasons.isdisjoint(MIN_URGENCY):
        urgency = Urgency.NORMAL
    urgency = max([urgency, *(MIN_URGENCY[reason] for reason in reasons if reason in MIN_URGENCY)])
    if any(reason in _RAISES_URGENCY for reason in reasons):
        urgency = Urgency(min(urgency + 1, Urgency.URGENT))
    return urgency


def wants_something(scores: HeadScores) -> bool:
    """Return whether a post wants something of us: the gladder it is, the surer the head has to be."""
    gladness = scores.situations[Situation.PRAISE] + scores.situations[Situation.SPAM] + scores.sentiment
    return _log_odds(scores.request) - gladness >= REQUEST_FROM


def high_log_odds(scores: HeadScores) -> float:
    """Return the log-odds that the urgency is high: those of the head, and what the other heads add to it."""
    added = sum(
        _ADDED_BY_SITUATION.get(situation, 0.0) * probability
        for situation, probability in scores.situations.items()
    )
    return _log_odds(scores.high) + added - _TAKEN_BY_REQUEST * _log_odds(scores.request)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _MIN_PROBABILITY), 1 - _MIN_PROBABILITY)
    return math.log(bounded / (1 - bounded))


def _urgency_with_heads(
    evidence: Evidence, scores: HeadScores, situation: Situation, reasons: Sequence[Reason]
) -> Urgency:
    """Compute the urgency from the heads; grave reasons raise it, and so does a vulnerable person's haste."""
    if high_log_odds(scores) >= HIGH_FROM:
        urgency = Urgency.HIGH
    elif (
        wants_something(scores) or evidence.asks_politely or evidence.thanks_in_vain
    ) and situation is not Situation.SPAM:
        urgency = Urgency.NORMAL
    else:
        urgency = Urgency.LOW
    urgency = max([urgency, *(MIN_URGENCY[reason] for reason in reasons if reason in MIN_URGENCY)])
    if all(reason in reasons for reason in _RAISES_URGENCY):
        urgency = max(urgency, Urgency.HIGH)
    if urgency >= Urgency.HIGH and any(reason in _RAISES_URGENCY for reason in reasons):
        urgency = Urgency.URGENT
    return urgency
