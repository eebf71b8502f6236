"""Collect the evidence in a message: the phrases of each situation, the reasons, and the signs near them.

Sentiment is evidence for the situation (rant or praise, whether hints count).
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.triage.phrases import Hit
from domain.triage.polite_requests import asks_politely
from domain.triage.situations import Concept, Cue, Cues, Reason, Sign, Situation, Subject

CLEARLY_NEGATIVE = -0.4
POSITIVE = 0.2
CLEARLY_POSITIVE = 0.5

# Weight of a decisive phrase. A hint weighs 1, or 2 beside a sign of trouble ("parcel" and "missing").
# Phrases of safety, press and spam weigh more because they are unambiguous.
_DECISIVE_WEIGHT = {
    Situation.PRESS: 14,
    Situation.SAFETY_OR_LEGAL: 12,
    Situation.SPAM: 10,
    Situation.QUESTION: 3,
    Situation.RANT: 3,
    Situation.PRAISE: 3,
}
# More than the maximum of question, rant and praise: 3, 2 for more phrases, 2 for sentiment.
_DEFAULT_DECISIVE_WEIGHT = 8
_PAIR_PENALTY = 1  # a pair of concepts is less reliable than a phrase
_HINT_WEIGHT = 1
_HINT_WEIGHT_WITH_TROUBLE = 2
_SENTIMENT_WEIGHT = 2

# A reason counts as a hint of its situation, even without a phrase for that.
_HINTS_AT = {
    Reason.SAFETY: Situation.SAFETY_OR_LEGAL,
    Reason.LEGAL_THREAT: Situation.SAFETY_OR_LEGAL,
    Reason.MONEY: Situation.CANNOT_PAY,
}
# Within how many words after a "not" a phrase is negated: "not a great app", "nothing urgent".
_NEGATION_SCOPE: dict[Situation | Reason | Subject | Sign | Concept, int] = {
    Situation.PRAISE: 3,
    Sign.GLAD: 3,
    Reason.TIME_IS_SHORT: 1,
}
_LINK = re.compile(r"https?://\S", re.IGNORECASE)
_OFTEN_PRAISED = frozenset({Situation.REFUND, Situation.DELIVERY})


@dataclass(slots=True)
class Evidence:
    """The cues found in a message, by kind.

    `asks` is whether it has a question mark, `sentiment` is from -1 to 1. `phrases` are the distinct phrases
    of each situation, with whether they are decisive. `decided` are the situations that a decisive phrase
    indicates, `decided_by_pair` those that a pair of concepts does.
    """

    asks: bool
    sentiment: float
    has_link: bool = False
    phrases: dict[Situation, set[tuple[str, bool]]] = field(default_factory=dict)
    decided: set[Situation] = field(default_factory=set)
    decided_by_pair: set[Situation] = field(default_factory=set)
    reasons: set[Reason] = field(default_factory=set)
    subjects: set[Subject] = field(default_factory=set)
    negated: bool = False
    negated_praise: bool = False
    trouble: bool = False
    settled: bool = False
    unsettled: bool = False
    asks_politely: bool = False

    @property
    def thanks_in_vain(self) -> bool:
        """Whether it thanks for what is not settled ("thanks, but still no parcel")."""
        return self.unsettled and not self.settled and Situation.PRAISE in self.phrases

    def decides(self, situation: Situation) -> bool:
        """Return whether a decisive phrase or a pair indicates the situation."""
        return situation in self.decided or situation in self.decided_by_pair


def collect_evidence(text: str, *, language: str, sentiment: float, cues: Cues) -> Evidence:
    """Find the evidence in a message. `language` is an ISO 639-1 code, `sentiment` is in [-1, 1]."""
    hits = cues.find(text, language)
    evidence = _collect(_drop_negated(hits), asks=asks_question(text), sentiment=sentiment)
    evidence.negated_praise = _has_negated_praise(hits)
    evidence.has_link = _LINK.search(text) is not None
    praise = {phrase for phrase, _ in evidence.phrases.get(Situation.PRAISE, ())}
    evidence.asks_politely = asks_politely(text, language, praise)
    return evidence


def asks_question(text: str) -> bool:
    """Return whether the text has a question mark."""
    return "?" in text or "？" in text or "؟" in text


def situation_weights(evidence: Evidence) -> dict[Situation, int]:
    """Weigh every situation by its phrases, the reasons and the sentiment.

    Praise counts as a mere hint beside a question or trouble, where "thanks" is only polite.
    """
    weights = _phrase_weights(evidence)
    if evidence.asks or evidence.trouble:
        weights[Situation.PRAISE] = min(weights[Situation.PRAISE], _HINT_WEIGHT)
    for reason in evidence.reasons & _HINTS_AT.keys():
        weights[_HINTS_AT[reason]] = max(weights[_HINTS_AT[reason]], _HINT_WEIGHT_WITH_TROUBLE)
    if evidence.sentiment <= CLEARLY_NEGATIVE:
        weights[Situation.RANT] += _SENTIMENT_WEIGHT
    if evidence.sentiment >= CLEARLY_POSITIVE and not evidence.asks:
        weights[Situation.PRAISE] += _SENTIMENT_WEIGHT
    if evidence.asks:
        weights[Situation.QUESTION] += _HINT_WEIGHT
    return weights


def situation_by_rules(evidence: Evidence) -> Situation:
    """Return the situation with the most weight; the first of equals, `OTHER` where nothing has any."""
    weights = situation_weights(evidence)
    best = max(weights.values())
    if best == 0:
        return Situation.OTHER
    return next(situation for situation, weight in weights.items() if weight == best)


def rule_probabilities(evidence: Evidence) -> dict[Situation, float]:
    """Return what share of the weights each situation has; `OTHER` has all where nothing has any."""
    weights = situation_weights(evidence)
    total = sum(weights.values())
    if total == 0:
        return {Situation.OTHER: 1.0}
    return {situation: weight / total for situation, weight in weights.items()}


def _drop_negated(hits: Sequence[Hit[Cue]]) -> Sequence[Hit[Cue]]:
    """Drop hits that are negated, or part of an idiom in which they are harmless."""
    negations = _negations(hits)
    idioms = [hit for hit in hits if hit.label.meaning is Sign.HARMLESS]
    if not negations and not idioms:
        return hits
    harmless = {hit.at + offset for hit in idioms for offset in range(hit.words)}
    return [hit for hit in hits if hit.at not in harmless and not _is_negated(hit, negations)]


def _negations(hits: Sequence[Hit[Cue]]) -> list[int]:
    return sorted(hit.at for hit in hits if hit.label.meaning is Sign.NOT)


def _is_negated(hit: Hit[Cue], negations: Sequence[int]) -> bool:
    """Return whether the nearest of the negations before the hit, which are sorted, reaches it."""
    before = bisect_left(negations, hit.at)
    return before > 0 and hit.at - negations[before - 1] <= _NEGATION_SCOPE.get(hit.label.meaning, 0)


def _has_negated_praise(hits: Sequence[Hit[Cue]]) -> bool:
    """Return whether a word of praise or gladness is taken back ("not impressed", "far from happy")."""
    negations = _negations(hits)
    glad = (hit for hit in hits if hit.label.meaning in {Situation.PRAISE, Sign.GLAD})
    return any(_is_negated(hit, negations) for hit in glad)


def _collect(hits: Sequence[Hit[Cue]], *, asks: bool, sentiment: float) -> Evidence:
    """Group the hits by meaning. Positive texts without question, negation or trouble have no hints."""
    evidence = Evidence(asks, sentiment)
    evidence.negated = any(hit.label.meaning is Sign.NOT for hit in hits)
    evidence.trouble = any(hit.label.meaning is Sign.TROUBLE for hit in hits)
    evidence.unsettled = any(hit.label.meaning is Sign.UNSETTLED for hit in hits)
    evidence.settled = any(hit.label.meaning is Sign.SETTLED for hit in hits)
    counts_hints = asks or evidence.negated or evidence.trouble or sentiment < POSITIVE
    for label, phrase, *_ in hits:
        meaning = label.meaning
        if isinstance(meaning, Reason):
            evidence.reasons.add(meaning)
            if meaning is Reason.DISTRESS:
                evidence.phrases.setdefault(Situation.SAFETY_OR_LEGAL, set()).add((phrase, True))
                evidence.decided.add(Situation.SAFETY_OR_LEGAL)
        elif isinstance(meaning, Subject):
            evidence.subjects.add(meaning)
        elif isinstance(meaning, Situation) and (label.decides or counts_hints):
            evidence.phrases.setdefault(meaning, set()).add((phrase, label.decides))
            if label.decides:
                (evidence.decided_by_pair if label.is_pair else evidence.decided).add(meaning)
    return evidence


def _phrase_weights(evidence: Evidence) -> dict[Situation, int]:
    """Weigh the situations: the strongest phrase counts in full, and each further one adds 1, up to 2.

    Three kinds of evidence are reduced to hints: pairs of concepts beside plain thanks ("the driver waited
    for me, lovely!"), phrases of spam from a customer who cannot pay, and those of access where a voucher is
    refused: it is its code that is not valid.
    """
    hint = _HINT_WEIGHT_WITH_TROUBLE if evidence.negated or evidence.trouble else _HINT_WEIGHT
    is_plain_thanks = (
        evidence.sentiment >= POSITIVE
        and Situation.PRAISE in evidence.decided
        and not (evidence.asks or evidence.trouble or evidence.negated)
    )
    weights = dict.fromkeys(Situation, 0)
    for situation, found in evidence.phrases.items():
        strongest = _DECISIVE_WEIGHT.get(situation, _DEFAULT_DECISIVE_WEIGHT)
        if situation not in evidence.decided:
            is_reliable = situation in evidence.decided_by_pair and not (
                is_plain_thanks and situation in _OFTEN_PRAISED
            )
            strongest = strongest - _PAIR_PENALTY if is_reliable else hint
        weights[situation] = strongest + min(len(found) - 1, 2)
    if evidence.decides(Situation.CANNOT_PAY):
        weights[Situation.SPAM] = min(weights[Situation.SPAM], _HINT_WEIGHT)
    if Subject.VOUCHER_REFUSED in evidence.subjects:
        weights[Situation.ACCOUNT_ACCESS] = min(weights[Situation.ACCOUNT_ACCESS], _HINT_WEIGHT)
    return weights
