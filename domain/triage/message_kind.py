"""Classify what a message asks for: a request, thanks, a remark, or only data.

Where it is not sure, a message is a request: nothing that a customer wrote may be lost.
"""

import re
from enum import StrEnum

from domain.triage.assessment import Assessment, Urgency
from domain.triage.data_labels import DATA_LABELS
from domain.triage.evidence import asks_question
from domain.triage.features import MAX_READ_LENGTH, encodable
from domain.triage.polite_requests import has_polite_form
from domain.triage.situations import Situation

#: Sentiment from which praise counts as thanks; see docs/words.md.
THANKS_FROM = 0.35
MAX_REMARK_WORDS = 12
MAX_LABELS = 6  # words beside a number
MIN_LABELLED_DIGITS = 3

_EMAIL_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.\w+")
#: The end of any address, for which one look is enough: an address is tried at each character.
_DOMAIN = re.compile(r"@[^\s@]{1,255}\.\w")
_CODE = re.compile(r"[A-Za-z0-9./:+()_,;-]+")
_DIGIT = re.compile(r"[0-9]")
_ADDRESS = "000"  # in place of an e-mail address
_PUNCTUATION = ".,;:!-–—'\"()"


class MessageKind(StrEnum):
    """What a message asks for.

    `THANKS`: praise that wants nothing, such as "it works, thank you". `REMARK`: nothing that can be answered
    by itself ("ok", "sent you a DM"). `DATA`: numbers, codes and e-mail addresses, and what they are called.
    """

    REQUEST = "request"
    THANKS = "thanks"
    REMARK = "remark"
    DATA = "data"


def kind_of(text: str, assessment: Assessment) -> MessageKind:
    """Return the kind of a message. What a person said of it decides."""
    return _judged_kind(assessment) if assessment.is_corrected else _read_kind(text, assessment)


def _read_kind(text: str, assessment: Assessment) -> MessageKind:
    if assessment.urgency >= Urgency.HIGH and assessment.reasons:
        return MessageKind.REQUEST
    if is_data(text):
        return MessageKind.DATA
    if assessment.urgency >= Urgency.HIGH or asks_question(text):
        return MessageKind.REQUEST
    is_praise = assessment.situation is Situation.PRAISE and assessment.urgency is Urgency.LOW
    if is_praise and assessment.sentiment >= THANKS_FROM:
        return MessageKind.THANKS
    is_short = len(encodable(text[:MAX_READ_LENGTH]).split()) <= MAX_REMARK_WORDS
    is_slight = assessment.urgency is Urgency.LOW or (
        is_short and not has_polite_form(text, assessment.language)
    )
    if assessment.situation is Situation.OTHER and is_slight:
        return MessageKind.REMARK
    return MessageKind.REQUEST


def _judged_kind(assessment: Assessment) -> MessageKind:
    if assessment.request:
        return MessageKind.REQUEST
    return MessageKind.THANKS if assessment.situation is Situation.PRAISE else MessageKind.REMARK


def is_data(text: str) -> bool:
    """Return whether the text consists of numbers, codes and e-mail addresses, and what they are called.

    With a word beside them ("Bestellnummer 4711-22", "my code is 482 913") they have three digits at least,
    or are an address.
    """
    # Addresses first: what follows their @ looks like a handle.
    if len(text) > MAX_READ_LENGTH:
        return False
    if _DOMAIN.search(text):
        text = _EMAIL_ADDRESS.sub(f" {_ADDRESS} ", text)
    words = encodable(text).split()
    codes = [word for word in words if _CODE.fullmatch(word) and _DIGIT.search(word)]
    labels = [word.casefold().strip(_PUNCTUATION) for word in words if word not in codes]
    if not labels:
        return bool(codes)
    digits = sum(len(_DIGIT.findall(code)) for code in codes)
    is_short = len(labels) <= MAX_LABELS and digits >= MIN_LABELLED_DIGITS
    return is_short and all(not label or label in DATA_LABELS for label in labels)
