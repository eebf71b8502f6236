"""Features by rule: what the trained heads are given of a post beside its vector."""

import re

from domain.triage.assessment import Urgency, urgency_by_rules
from domain.triage.evidence import Evidence, situation_by_rules, situation_weights
from domain.triage.situations import Reason, Situation

#: The weight of features against the vector, whose length is 1: found by cross-validation over brands.
_SCALE = 0.4
#: Characters of a text that decide what it is about. The rest is stored and shown all the same.
MAX_READ_LENGTH = 10_000
_MAX_WEIGHT = 10  # of a situation, see `situation_weights`
_LONG = 40  # words
_SHORT = 4  # words

_HANDLE = re.compile(r"[@＠]\w+")
_BRAND, _TEAM = r"[@＠][\w.@-]+", r"(?:\w+-)?(?:team|support|equipo|[eé]quipe)\b"
_GAP = r"[^\S\n]+"
#: "Liebes @acme Team," is no love, and "Dear @acme," no praise. It ends at the name, as what follows must be
#: read: "Dear @acme it broke!" is none.
_SALUTATION = re.compile(
    r"\A\W*(?:liebe[rs]?|dear(?:est)?|ch[eè]re?s?|querid[oa]s?|estimad[oa]s?|car[aoi]|gentile|prezad[oa]s?)"
    rf"{_GAP}(?:{_BRAND}|(?:[^\W\d_][\w&.'-]*{_GAP}){{0,2}}?{_TEAM})(?:{_GAP}(?:{_BRAND}|{_TEAM})){{0,2}}"
    rf"(?:{_GAP}(?:of|at|from|von|bei|de|du|da|di|do){_GAP}[@＠\w][\w&.@'-]*)?[^\S\n]*(?:[,:!]|\n)",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_SPACE = re.compile(r"\s+")

#: Reasons that tell the heads something: one that decides by itself is no input of theirs.
_REASONS = tuple(reason for reason in Reason if reason is not Reason.DISTRESS)
FEATURES = (
    *(f"weight of {situation}" for situation in Situation),
    *(f"rules say {situation}" for situation in Situation),
    *(f"reason {reason}" for reason in _REASONS),
    *(f"rules say {urgency.name.lower()} or more" for urgency in Urgency if urgency),
    "sentiment",
    "question mark",
    "negation",
    "negated praise",
    "trouble",
    "settled",
    "link",
    "capitals",
    "length",
    "short",
    "exclamation mark",
    "hashtag",
    "addressed",
)


def rule_features(text: str, evidence: Evidence) -> tuple[float, ...]:
    """Return the features of a post, in the order of `FEATURES`, each from 0 to `_SCALE` (sentiment: ±)."""
    weights, found = situation_weights(evidence), situation_by_rules(evidence)
    urgency = urgency_by_rules(evidence)
    letters, words = [char for char in text if char.isalpha()], text.split()
    features: tuple[float, ...] = (
        *(min(weights[situation], _MAX_WEIGHT) / _MAX_WEIGHT for situation in Situation),
        *(situation is found for situation in Situation),
        *(reason in evidence.reasons for reason in _REASONS),
        *(urgency >= level for level in Urgency if level),
        evidence.sentiment,
        evidence.asks,
        evidence.negated,
        evidence.negated_praise,
        evidence.trouble,
        evidence.settled,
        evidence.has_link,
        sum(map(str.isupper, letters)) / max(1, len(letters)),
        min(len(words), _LONG) / _LONG,
        len(words) <= _SHORT,
        "!" in text,
        "#" in text,
        text.lstrip(".").startswith("@"),
    )
    return tuple(_SCALE * feature for feature in features)


def encodable(text: str) -> str:
    """Return what is said: the text without salutation, handles, links and hash signs."""
    return plain(without_salutation(text)) or plain(text)


def without_salutation(text: str) -> str:
    """Return the text without a salutation to the brand or its team."""
    return _SALUTATION.sub("", text)


def plain(text: str) -> str:
    """Return the text without handles, links and hash signs: they say who is meant, not what is said."""
    words = _SPACE.sub(" ", _HANDLE.sub(" ", _URL.sub(" ", text)).replace("#", " ")).strip()
    return words or text
