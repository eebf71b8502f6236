"""Check a public reply against the rules of engagement. Which rules are in force is read from a file."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleViolation:
    """A broken rule of engagement. A hard one blocks sending; a soft one asks for confirmation."""

    rule: str
    reason: str
    hard: bool


MIN_LETTERS_FOR_ALL_CAPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply to be checked. `is_duplicate`: the same text was sent recently."""

    text: str
    length: int
    limit: int
    is_duplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: the name of its check in `CHECKS`, the reason shown to the agent, and whether it blocks."""

    name: str
    reason: str
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesOfEngagement:
    """The rules in force, and their version, which the audit trail keeps with each reply that passed."""

    version: str
    rules: Sequence[Rule]

    def check(self, reply: Reply) -> list[RuleViolation]:
        """Return the violations of a reply, hard rules first."""
        broken = [rule for rule in self.rules if CHECKS[rule.name](reply)]
        violations = [RuleViolation(rule=rule.name, reason=rule.reason, hard=rule.hard) for rule in broken]
        return sorted(violations, key=lambda violation: not violation.hard)


def unconfirmed(violations: Sequence[RuleViolation], confirmed: Collection[str]) -> list[RuleViolation]:
    """Return the violations to show; none where all of them are soft and in `confirmed`."""
    may_be_sent = all(not violation.hard and violation.rule in confirmed for violation in violations)
    return [] if may_be_sent else list(violations)


_PLACEHOLDER_NAME = r"(?:[^\W_]{1,20}[ _-]){0,3}(?:name|link|url|number|date|amount)"
_PLACEHOLDER = re.compile(
    rf"\{{\{{.*?\}}\}}|\[\[.*?\]\]|<{_PLACEHOLDER_NAME}>|\[{_PLACEHOLDER_NAME}\]|\{{{_PLACEHOLDER_NAME}\}}",
    re.IGNORECASE | re.DOTALL,
)
_LINK = re.compile(
    r"https?://|\bwww\.|(?<![\w@.-])(?:[\w-]{1,63}\.){1,4}(?:com|org|net|info|app|dev|io|help|shop|[a-z]{2}/)(?![\w.-]*@)\b",
    re.IGNORECASE,
)
#: Groups of digits separated as in card numbers: by spaces of any width, dashes of any kind, or dots.
_DIGIT_GROUPS = re.compile(r"\d+(?:[\s.\u2010-\u2015-]\d+)*")
_CARD_DIGITS = range(13, 20)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+")
_PRIVATE_DATA = re.compile(
    r"\b(?:passwords?|passcodes?|passwort|passwörter|kennwort|contraseñas?|mots? de passe|senhas?|wachtwoord|şifre"
    r"|pin code|pin number|pin-code|geheimzahl|cvv|cvc|security code|card numbers?|kartennummern?|kreditkartennummer"
    r"|números? de tarjeta|numéros? de (?:la )?carte|números? do cartão|numero (?:di|della) carta|kaartnummer|kart numara\w*)\b"
    r"|パスワード|暗証番号|カード番号|密码|卡号|비밀번호|카드 ?번호|كلمة (?:المرور|السر)|رقم البطاقة|пароль|номер карты",
    re.IGNORECASE,
)


def _normalize(text: str) -> str:
    """Apply Unicode NFKC: "ñ" may be one character or two, and "１" becomes "1"."""
    return unicodedata.normalize("NFKC", text)


def _is_all_caps(reply: Reply) -> bool:
    letters = [letter for letter in reply.text if letter.isalpha() and letter.lower() != letter.upper()]
    return len(letters) >= MIN_LETTERS_FOR_ALL_CAPS and all(letter.isupper() for letter in letters)


CHECKS: Mapping[str, Callable[[Reply], bool]] = {
    "empty": lambda reply: not reply.text.strip(),
    "too_long": lambda reply: reply.length > reply.limit,
    "placeholder": lambda reply: bool(_PLACEHOLDER.search(reply.text)),
    "asks_for_private_data": lambda reply: bool(_PRIVATE_DATA.search(_normalize(reply.text))),
    "shows_card_number": lambda reply: any(
        map(_contains_card_number, _DIGIT_GROUPS.findall(_normalize(reply.text)))
    ),
    "shows_email_address": lambda reply: bool(_EMAIL.search(reply.text)),
    "duplicate": lambda reply: reply.is_duplicate,
    "has_link": lambda reply: bool(_LINK.search(reply.text)),
    "all_caps": _is_all_caps,
}


def _contains_card_number(grouped: str) -> bool:
    """Return whether consecutive groups form a card number; other numbers may precede or follow it."""
    groups = re.findall(r"\d+", grouped)
    return any(
        len(digits) in _CARD_DIGITS and _passes_luhn(digits)
        for first in range(len(groups))
        for digits in accumulate(groups[first : first + max(_CARD_DIGITS)])
    )


def _passes_luhn(text: str) -> bool:
    """Verify the Luhn checksum of a payment card number (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in text]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004 - 2 * 5 is the first of two digits
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
