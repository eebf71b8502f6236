"""Reading one mention by rules: what it is about, how urgent it is, and why.

Anger is not urgency: sentiment decides between a rant and praise, never how soon somebody is helped. Reach is named
among the reasons and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from domain.phrases import Hit
from domain.situations import Cue, Cues, Reason, Sign, Situation

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
_SPEAKS_FOR: dict[Situation | Reason | Sign, Situation] = {
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
_TAKEN_BACK: dict[Situation | Reason | Sign, int] = {Situation.PRAISE: 3, Reason.TIME_IS_SHORT: 1}
_NOTHING_TO_FIX = frozenset({Situation.PRAISE, Situation.SPAM, Situation.PRESS})


def assess(text: str, *, language: str, sentiment: float, cues: Cues, followers: int = 0) -> Assessment:
    """Read a mention by its words. `language` is a two-letter code, `sentiment` is in [-1, 1]."""
    hits = _standing(cues.find(text, language))
    situation = _situation(hits, asks="?" in text or "？" in text or "؟" in text, sentiment=sentiment)
    decided = any(hit.label == Cue(situation) for hit in hits)
    reasons = _reasons(hits, situation, decided=decided)
    words: list[str] = [reason.value for reason in reasons]
    if situation is Situation.QUESTION:
        words.append(ASKS)
    if followers >= LARGE_AUDIENCE and situation is not Situation.SPAM:
        words.append(REACH)
    urgency = _urgency(situation, reasons, decided=decided)
    return Assessment(language, situation, urgency, tuple(words), sentiment)


def _standing(hits: Sequence[Hit[Cue]]) -> list[Hit[Cue]]:
    """The hits that no negation takes back."""
    negations = [hit.at for hit in hits if hit.label.means is Sign.NOT]
    return [
        hit
        for hit in hits
        if not any(0 < hit.at - negation <= _TAKEN_BACK.get(hit.label.means, 0) for negation in negations)
    ]


def _situation(hits: Sequence[Hit[Cue]], *, asks: bool, sentiment: float) -> Situation:
    """The situation with the most weight; the first of equals.

    A mere hint is not heard from a cheerful voice, and "thanks" is only polite where somebody asks or something is wrong.
    """
    trouble = _is_trouble(hits)
    heard = [hit for hit in hits if hit.label.decides or asks or trouble or sentiment < CHEERFUL]
    weights = _weights(heard, _HINT_OF_TROUBLE if trouble else _HINT)
    if asks or any(hit.label.means is Sign.TROUBLE for hit in hits):
        weights[Situation.PRAISE] = min(weights[Situation.PRAISE], _HINT)
    for reason in {hit.label.means for hit in hits} & _SPEAKS_FOR.keys():
        weights[_SPEAKS_FOR[reason]] = max(weights[_SPEAKS_FOR[reason]], _HINT_OF_TROUBLE)
    if sentiment <= CLEARLY_NEGATIVE:
        weights[Situation.RANT] += _MOOD
    if sentiment >= CLEARLY_POSITIVE and not asks:
        weights[Situation.PRAISE] += _MOOD
    if asks:
        weights[Situation.QUESTION] += _HINT
    best = max(weights.values())
    if best == 0:
        return Situation.OTHER
    return next(situation for situation in Situation if weights[situation] == best)


def _is_trouble(hits: Sequence[Hit[Cue]]) -> bool:
    return any(hit.label.means in {Sign.NOT, Sign.TROUBLE} for hit in hits)


def _weights(hits: Sequence[Hit[Cue]], hint: int) -> dict[Situation, int]:
    """The strongest phrase of a situation counts in full and every further one adds 1, to 2 at most."""
    phrases: dict[Situation, set[tuple[str, bool]]] = {}
    for hit in hits:
        if isinstance(hit.label.means, Situation):
            phrases.setdefault(hit.label.means, set()).add((hit.phrase, hit.label.decides))
    weights = dict.fromkeys(Situation, 0)
    for situation, own in phrases.items():
        decided = any(decides for _, decides in own)
        strongest = _WEIGHT.get(situation, _USUAL_WEIGHT) if decided else hint
        weights[situation] = strongest + min(len(own) - 1, 2)
    return weights


def _reasons(hits: Sequence[Hit[Cue]], situation: Situation, *, decided: bool) -> list[Reason]:
    """The reasons in the order of the enumeration; thanks and advertisements have none."""
    if situation in {Situation.PRAISE, Situation.SPAM}:
        return []
    said = {hit.label.means for hit in hits if isinstance(hit.label.means, Reason)}
    if decided and situation in _GOES_WITHOUT_SAYING:
        said.add(_GOES_WITHOUT_SAYING[situation])
    if situation in _NOTHING_TO_FIX:
        said &= {Reason.TIME_IS_SHORT}
    return [reason for reason in Reason if reason in said]


def _urgency(situation: Situation, reasons: Sequence[Reason], *, decided: bool) -> Urgency:
    """What the situation usually is, and what the reasons make of it; a mere hint makes nothing more than normal."""
    urgency = _USUALLY.get(situation, Urgency.NORMAL)
    urgency = urgency if decided else min(urgency, Urgency.NORMAL)
    if Reason.BLOCKED in reasons or Reason.LONG_WAIT in reasons:
        urgency = max(urgency, Urgency.NORMAL)
    urgency = max([urgency, *(_AT_LEAST[reason] for reason in reasons if reason in _AT_LEAST)])
    if any(reason in _ONE_MORE for reason in reasons):
        urgency = Urgency(min(urgency + 1, Urgency.URGENT))
    return urgency
