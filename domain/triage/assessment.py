"""Reading one mention by rules: what it is about, how urgent it is, and why.

Anger is not urgency: sentiment decides between a rant and praise, never how soon somebody is helped. Reach is named
among the reasons and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from domain.triage.phrases import Hit
from domain.triage.situations import Cue, Cues, Notion, Reason, Sign, Situation

LARGE_AUDIENCE = 10_000  # followers
CLEARLY_NEGATIVE = -0.4
CHEERFUL = 0.2
CLEARLY_POSITIVE = 0.5

ASKS = "asks a question"
REACH = "large audience"


class Urgency(IntEnum):
    """How soon somebody should look."""

    LOW = 0
    NORMAL = 1
    HIGH = 2
    URGENT = 3

    @property
    def label(self) -> str:
        """The word on the card."""
        return self.name.capitalize()


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules make of a mention; sentiment runs from -1 to 1."""

    language: str
    situation: Situation
    urgency: Urgency
    reasons: tuple[str, ...]
    sentiment: float


# A decisive phrase speaks with this weight; a hint with 1, or with 2 where something is wrong ("parcel" and "missing").
# Safety, press and spam name themselves in unmistakable words.
_WEIGHT = {
    Situation.PRESS: 14,
    Situation.SAFETY_OR_LEGAL: 12,
    Situation.SPAM: 10,
    Situation.QUESTION: 3,
    Situation.RANT: 3,
    Situation.PRAISE: 3,
}
_USUAL_WEIGHT = 8  # more than the most that a manner (question, rant, praise) can gather: 3, 2 for more phrases, 2 for mood
_LESS_SURE = 1  # what two notions tell, against a phrase
_HINT = 1
_HINT_OF_TROUBLE = 2
_MOOD = 2

# What the rules cannot tell is normal, never low: a person should look.
_USUALLY = {
    Situation.SAFETY_OR_LEGAL: Urgency.HIGH,
    Situation.CANNOT_PAY: Urgency.HIGH,
    Situation.ACCOUNT_ACCESS: Urgency.HIGH,
    Situation.OUTAGE_REPORT: Urgency.HIGH,
    Situation.PRAISE: Urgency.LOW,
    Situation.SPAM: Urgency.LOW,
}
_AT_LEAST = {Reason.SAFETY: Urgency.URGENT, Reason.LEGAL_THREAT: Urgency.HIGH, Reason.MONEY: Urgency.HIGH}
_ONE_MORE = (Reason.TIME_IS_SHORT, Reason.VULNERABLE)
# A reason without any word for its situation still leans towards it.
_SPEAKS_FOR = {
    Reason.SAFETY: Situation.SAFETY_OR_LEGAL,
    Reason.LEGAL_THREAT: Situation.SAFETY_OR_LEGAL,
    Reason.MONEY: Situation.CANNOT_PAY,
}
_GOES_WITHOUT_SAYING = {
    Situation.CANNOT_PAY: Reason.MONEY,
    Situation.ACCOUNT_ACCESS: Reason.BLOCKED,
    Situation.OUTAGE_REPORT: Reason.BLOCKED,
}
# How many words after a "not" a phrase is taken back: "not a great app", "nothing urgent".
_TAKEN_BACK: dict[Situation | Reason | Sign | Notion, int] = {Situation.PRAISE: 3, Reason.TIME_IS_SHORT: 1}
_OFTEN_THANKED_FOR = frozenset({Situation.REFUND, Situation.DELIVERY})
_NOTHING_TO_FIX = frozenset({Situation.PRAISE, Situation.SPAM, Situation.PRESS})


@dataclass(slots=True)
class _Said:
    """What stands in a post, by kind; `phrases` are those of each situation, `told` the situations that a phrase decides."""

    asks: bool
    phrases: dict[Situation, set[tuple[str, bool]]] = field(default_factory=dict)
    told: set[Situation] = field(default_factory=set)
    told_together: set[Situation] = field(default_factory=set)
    reasons: set[Reason] = field(default_factory=set)
    negated: bool = False
    trouble: bool = False

    def decides(self, situation: Situation) -> bool:
        return situation in self.told or situation in self.told_together


def assess(text: str, *, language: str, sentiment: float, cues: Cues, followers: int = 0) -> Assessment:
    """Read a mention by its words. `language` is a two-letter code, `sentiment` is in [-1, 1]."""
    asks = "?" in text or "？" in text or "؟" in text
    said = _said(_standing(cues.find(text, language)), asks=asks, sentiment=sentiment)
    situation = _situation(said, sentiment)
    reasons = _reasons(said, situation)
    words: list[str] = [reason.value for reason in reasons]
    if situation is Situation.QUESTION:
        words.append(ASKS)
    if followers >= LARGE_AUDIENCE and situation is not Situation.SPAM:
        words.append(REACH)
    urgency = _urgency(said, situation, reasons)
    return Assessment(language, situation, urgency, tuple(words), sentiment)


def _standing(hits: Sequence[Hit[Cue]]) -> Sequence[Hit[Cue]]:
    """The hits that no negation takes back, and that are not part of a saying in which they mean nothing."""
    negations = [hit.at for hit in hits if hit.label.means is Sign.NOT]
    sayings = [hit for hit in hits if hit.label.means is Sign.HARMLESS]
    if not negations and not sayings:
        return hits
    harmless = {hit.at + place for hit in sayings for place in range(hit.words)}
    return [
        hit
        for hit in hits
        if hit.at not in harmless
        and not any(0 < hit.at - negation <= _TAKEN_BACK.get(hit.label.means, 0) for negation in negations)
    ]


def _said(hits: Sequence[Hit[Cue]], *, asks: bool, sentiment: float) -> _Said:
    """Sort the hits by what they mean. A mere hint is not heard from a cheerful voice that neither asks nor complains."""
    said = _Said(asks)
    said.negated = any(hit.label.means is Sign.NOT for hit in hits)
    said.trouble = any(hit.label.means is Sign.TROUBLE for hit in hits)
    hears_hints = asks or said.negated or said.trouble or sentiment < CHEERFUL
    for label, phrase, *_ in hits:
        means = label.means
        if isinstance(means, Reason):
            said.reasons.add(means)
        elif isinstance(means, Situation) and (label.decides or hears_hints):
            said.phrases.setdefault(means, set()).add((phrase, label.decides))
            if label.decides:
                (said.told_together if label.together else said.told).add(means)
    return said


def _situation(said: _Said, sentiment: float) -> Situation:
    """The situation with the most weight; the first of equals. "Thanks" is only polite where somebody asks or complains."""
    weights = _weights(said, cheerful=sentiment >= CHEERFUL)
    if said.asks or said.trouble:
        weights[Situation.PRAISE] = min(weights[Situation.PRAISE], _HINT)
    for reason in said.reasons & _SPEAKS_FOR.keys():
        weights[_SPEAKS_FOR[reason]] = max(weights[_SPEAKS_FOR[reason]], _HINT_OF_TROUBLE)
    if sentiment <= CLEARLY_NEGATIVE:
        weights[Situation.RANT] += _MOOD
    if sentiment >= CLEARLY_POSITIVE and not said.asks:
        weights[Situation.PRAISE] += _MOOD
    if said.asks:
        weights[Situation.QUESTION] += _HINT
    best = max(weights.values())
    if best == 0:
        return Situation.OTHER
    return next(situation for situation, weight in weights.items() if weight == best)


def _weights(said: _Said, *, cheerful: bool) -> dict[Situation, int]:
    """The strongest phrase of a situation counts in full and every further one adds 1, to 2 at most.

    Two things are taken for less than they seem: what only two notions tell beside plain thanks ("the driver waited for me,
    lovely!"), and an advertisement's words from somebody who cannot pay.
    """
    hint = _HINT_OF_TROUBLE if said.negated or said.trouble else _HINT
    thanks = cheerful and Situation.PRAISE in said.told and not (said.asks or said.trouble or said.negated)
    weights = dict.fromkeys(Situation, 0)
    for situation, own in said.phrases.items():
        strongest = _WEIGHT.get(situation, _USUAL_WEIGHT)
        if situation not in said.told:
            sure = situation in said.told_together and not (thanks and situation in _OFTEN_THANKED_FOR)
            strongest = strongest - _LESS_SURE if sure else hint
        weights[situation] = strongest + min(len(own) - 1, 2)
    if said.decides(Situation.CANNOT_PAY):
        weights[Situation.SPAM] = min(weights[Situation.SPAM], _HINT)
    return weights


def _reasons(said: _Said, situation: Situation) -> list[Reason]:
    """The reasons in the order of the enumeration; thanks and advertisements have none."""
    if situation in {Situation.PRAISE, Situation.SPAM}:
        return []
    reasons = set(said.reasons)
    if situation in _GOES_WITHOUT_SAYING and said.decides(situation):
        reasons.add(_GOES_WITHOUT_SAYING[situation])
    if situation in _NOTHING_TO_FIX:
        reasons &= {Reason.TIME_IS_SHORT}
    return [reason for reason in Reason if reason in reasons] if reasons else []


def _urgency(said: _Said, situation: Situation, reasons: Sequence[Reason]) -> Urgency:
    """What the situation usually is, and what the reasons make of it; a mere hint makes nothing more than normal.

    A reason that is said makes even thanks normal: a person should look.
    """
    urgency = _USUALLY.get(situation, Urgency.NORMAL)
    urgency = urgency if said.decides(situation) else min(urgency, Urgency.NORMAL)
    if Reason.BLOCKED in reasons or Reason.LONG_WAIT in reasons:
        urgency = max(urgency, Urgency.NORMAL)
    if situation is Situation.PRAISE and not said.reasons.isdisjoint(_AT_LEAST):
        urgency = Urgency.NORMAL
    urgency = max([urgency, *(_AT_LEAST[reason] for reason in reasons if reason in _AT_LEAST)])
    if any(reason in _ONE_MORE for reason in reasons):
        urgency = Urgency(min(urgency + 1, Urgency.URGENT))
    return urgency
