"""Apply what a person says of a message to its assessment."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from domain.triage.assessment import (
    ASKS_QUESTION,
    IMPLIED_REASON,
    LARGE_AUDIENCE_REASON,
    MIN_URGENCY,
    Assessment,
    Urgency,
)
from domain.triage.features import encodable
from domain.triage.situations import Reason, Situation

_WORD = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"['’]")
#: Two words at one place are one word, spelled differently, where both are so long and so similar.
_MIN_SPELLED = 5
_MIN_SIMILARITY = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a message is about, how urgent it is, and whether it wants something of us.

    `language` is that of its case; empty where it is not judged.
    """

    situation: Situation
    urgency: Urgency
    request: bool
    language: str = ""


def judgement_of(assessment: Assessment) -> Judgement:
    """Return the judgement that an assessment makes: what is low wants nothing, unless a person said so."""
    is_request = assessment.urgency > Urgency.LOW if assessment.request is None else assessment.request
    return Judgement(situation=assessment.situation, urgency=assessment.urgency, request=is_request)


def corrected(assessment: Assessment, judgement: Judgement) -> Assessment:
    """Return the assessment as the person judges it.

    What wants nothing is low, unless they say that it is high or urgent.
    """
    urgency = judgement.urgency
    if not judgement.request and urgency is Urgency.NORMAL:
        urgency = Urgency.LOW
    return replace(
        assessment,
        situation=judgement.situation,
        urgency=urgency,
        reasons=tuple(_reasons(assessment, judgement.situation, urgency)),
        request=judgement.request,
    )


def likened(assessment: Assessment, judgement: Judgement) -> Assessment:
    """Return the assessment as a person judged a post that was nearly the same; nobody judged this one."""
    return replace(corrected(assessment, judgement), request=None)


def _reasons(assessment: Assessment, situation: Situation, urgency: Urgency) -> Iterable[str]:
    """List the reasons without those that the person contradicts, with what the new situation implies."""
    reasons = set(assessment.reasons)
    if situation is not assessment.situation:
        reasons.discard(IMPLIED_REASON.get(assessment.situation, ""))
    reasons -= {reason for reason, least in MIN_URGENCY.items() if least > urgency}
    if situation in {Situation.PRAISE, Situation.SPAM}:
        reasons -= set(Reason)
    if situation in IMPLIED_REASON and urgency >= Urgency.HIGH:
        reasons.add(IMPLIED_REASON[situation])
    yield from (reason.value for reason in Reason if reason in reasons)
    if situation is Situation.QUESTION:
        yield ASKS_QUESTION
    if LARGE_AUDIENCE_REASON in reasons and situation is not Situation.SPAM:
        yield LARGE_AUDIENCE_REASON


def changes_words(before: str, after: str) -> bool:
    """Return whether an edit changes what was said.

    Not where only the spelling, case, punctuation, handles or links differ.
    """
    old, new = _words(before), _words(after)
    return len(old) != len(new) or not all(map(_is_same_word, old, new))


def _words(text: str) -> list[str]:
    return _WORD.findall(_APOSTROPHE.sub("", encodable(text)).casefold())


def _is_same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < _MIN_SPELLED or any(char.isdigit() for char in one + other):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _MIN_SIMILARITY
