"""The rules of engagement: what a public answer must and should not be. Pure; the rules themselves are a file of words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.views import Finding

MIN_LETTERS_TO_SHOUT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it is about to be sent."""

    text: str
    length: int
    limit: int
    said_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: the name of its check, why it is there, and whether it blocks."""

    name: str
    reason: str
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """The rules in force, and the version that the trail keeps with every answer they let pass."""

    version: str
    rules: Sequence[Rule]

    def check(self, reply: Reply) -> list[Finding]:
        """What the answer breaks, hard rules first."""
        broken = [rule for rule in self.rules if CHECKS[rule.name](reply)]
        found = [Finding(rule=rule.name, reason=rule.reason, hard=rule.hard) for rule in broken]
        return sorted(found, key=lambda finding: not finding.hard)


_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\[\[.*?\]\]|<(?:name|link|number)>", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_DIGITS = re.compile(r"(?:\d[ -]?){13,19}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_ASKS_PRIVATE = re.compile(
    r"\b(?:password|passwort|contraseña|mot de passe|senha|pin code|cvv|cvc|card number|kartennummer"
    r"|número de tarjeta|numéro de carte|número do cartão)\b|パスワード|カード番号|كلمة المرور",
    re.IGNORECASE,
)


def _shouts(reply: Reply) -> bool:
    letters = [letter for letter in reply.text if letter.isalpha() and letter.lower() != letter.upper()]
    return len(letters) >= MIN_LETTERS_TO_SHOUT and all(letter.isupper() for letter in letters)


CHECKS: Mapping[str, Callable[[Reply], bool]] = {
    "empty": lambda reply: not reply.text.strip(),
    "too_long": lambda reply: reply.length > reply.limit,
    "placeholder": lambda reply: bool(_PLACEHOLDER.search(reply.text)),
    "asks_for_private_data": lambda reply: bool(_ASKS_PRIVATE.search(reply.text)),
    "shows_card_number": lambda reply: any(_passes_luhn(found) for found in _DIGITS.findall(reply.text)),
    "shows_email_address": lambda reply: bool(_EMAIL.search(reply.text)),
    "said_before": lambda reply: reply.said_before,
    "has_link": lambda reply: bool(_LINK.search(reply.text)),
    "shouts": _shouts,
}


def _passes_luhn(text: str) -> bool:
    """Whether the digits check out as a payment card's (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in text if digit.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004 - 2 * 5 is the first of two digits
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
