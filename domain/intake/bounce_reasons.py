"""Determine from a mail server's words whether there is no such mailbox (RFC 3463, RFC 5321)."""

import re
from enum import StrEnum


class BounceKind(StrEnum):
    """What a report says of an address.

    `PERMANENT`: there is no such mailbox. `TRANSIENT`: something else kept the mail from it. `COMPLAINT`: its
    owner called our mail spam (RFC 5965).
    """

    PERMANENT = "permanent"
    TRANSIENT = "transient"
    COMPLAINT = "complaint"


_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REFUSED = re.compile(r"(?<![\d.])55[013](?![\d.])")
_LATER = re.compile(r"(?<![\d.])4[2-5]\d(?=[ -])")
_DEAD = frozenset(
    ("5", *code) for code in (("1", "1"), ("1", "2"), ("1", "3"), ("1", "6"), ("1", "10"), ("2", "1"))
)
#: Codes that servers give for a mailbox that does not exist, and for other things: the words tell.
_UNCLEAR = frozenset(("5", *code) for code in (("1", "0"), ("4", "1"), ("4", "4"), ("5", "0"), ("5", "1")))
#: A refusal by policy (5.7.1), as Yandex codes that there is no such user.
_REFUSAL = ("5", "7", "1")
_NO_SUCH = re.compile(
    r"no such (?:user|mailbox|recipient|account)|user (?:is )?(?:unknown|not found)|unknown user",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"(?:mail|in)?(?:box|folder|store)\b.{0,40}\b(?:full|over|exceed)|over (?:the allowed )?quota|quota.{0,20}exceed|"
    r"exceed.{0,30}(?:quota|storage|limit)|out of storage|insufficient.{0,20}storage|not enough (?:space|storage)|"
    r"(?:postfach|mailbox).{0,20}(?:ist )?voll\b",
    re.IGNORECASE,
)
_TOO_LARGE = re.compile(
    r"\bsize\b.{0,30}\b(?:limit|exceed)|exceed.{0,40}\bsize|too (?:large|big)\b", re.IGNORECASE
)
_POLICY = re.compile(
    r"\bspam|block(?:ed|list)|blacklist|reputation|polic(?:y|ies)|\bdmarc|\bspf\b|\bdkim|authenticat|greylist|"
    r"too many|rate limit|\brelay|\bvirus|banned|content reject|unsolicited",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"(?:user|recipient|address|mailbox|account|host|domain)\b.{0,60}\b(?:unknown|not (?:be )?(?:found|exist|valid|known)|"
    r"(?:doesn['’]t|does not|no longer) (?:exist|have an?\b.{0,40}account)|no longer (?:available|active|valid)|"
    r"disabled|deactivated|inactive|closed|unavailable|not listed in)|unknown (?:user|recipient|mailbox|address)|"
    r"no such (?:user|mailbox|recipient|address|account|person|domain)|no mailbox|nxdomain|unrout[e]?able address|"
    r"(?:invalid|not a valid) (?:recipient|mailbox|address|user)|recipient address rejected: access denied|"
    r"(?:empfänger|adresse|destinataire|destinatario).{0,30}(?:unbekannt|nicht gefunden|inconnu|desconocido)",
    re.IGNORECASE,
)


def bounce_kind(diagnostic: str) -> BounceKind:
    """Return whether there is no such mailbox. A full one, a policy and an unknown reason may pass."""
    codes = {code for code in _ENHANCED.findall(diagnostic) if code[1] != "0"}  # x.0.x says nothing
    if _FULL.search(diagnostic) is not None:
        return BounceKind.TRANSIENT
    if codes == {_REFUSAL} and _NO_SUCH.search(diagnostic) is not None:
        return BounceKind.TRANSIENT if _POLICY.search(diagnostic) is not None else BounceKind.PERMANENT
    if codes and not codes <= _UNCLEAR:
        return BounceKind.PERMANENT if codes & _DEAD else BounceKind.TRANSIENT
    is_unknown = _UNKNOWN.search(diagnostic) is not None
    is_refused = not codes and _REFUSED.search(diagnostic) is not None
    is_passing = _POLICY.search(diagnostic) is not None or _LATER.search(diagnostic) is not None
    return BounceKind.PERMANENT if (is_unknown or is_refused) and not is_passing else BounceKind.TRANSIENT


def states_reason(line: str) -> bool:
    """Return whether a line of a report's text says why the mail came back."""
    is_coded = _REFUSED.search(line) is not None or _LATER.search(line) is not None
    return (
        is_coded
        or _ENHANCED.search(line) is not None
        or any(words.search(line) is not None for words in (_FULL, _TOO_LARGE, _UNKNOWN, _POLICY))
    )
