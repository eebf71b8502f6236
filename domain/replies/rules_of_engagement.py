"""The rules of engagement: what a public answer must and should not be. Pure; the rules themselves are a file of words."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleViolation:
    """A broken rule of engagement. A hard one blocks; a soft one asks "send anyway?"."""

    rule: str
    reason: str
    hard: bool


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
class RulesOfEngagement:
    """The rules in force, and the version that the trail keeps with every answer they let pass."""

    version: str
    rules: Sequence[Rule]

    def check(self, reply: Reply) -> list[RuleViolation]:
        """What the answer breaks, hard rules first."""
        broken = [rule for rule in self.rules if CHECKS[rule.name](reply)]
        found = [RuleViolation(rule=rule.name, reason=rule.reason, hard=rule.hard) for rule in broken]
        return sorted(found, key=lambda finding: not finding.hard)


_BLANK = r"(?:[^\W_]{1,20}[ _-]){0,3}(?:name|link|url|number|date|amount)"
_PLACEHOLDER = re.compile(
    rf"\{{\{{.*?\}}\}}|\[\[.*?\]\]|<{_BLANK}>|\[{_BLANK}\]|\{{{_BLANK}\}}", re.IGNORECASE | re.DOTALL
)
_LINK = re.compile(
    r"https?://|\bwww\.|(?<![\w@.-])(?:[\w-]{1,63}\.){1,4}(?:com|org|net|info|app|dev|io|help|shop|[a-z]{2}/)(?![\w.-]*@)\b",
    re.IGNORECASE,
)
#: Digits in groups, as people write card numbers: with spaces of any width, dashes of any kind, or dots.
_GROUPED = re.compile(r"\d+(?:[\s.\u2010-\u2015-]\d+)*")
_CARD_DIGITS = range(13, 20)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+")
_ASKS_PRIVATE = re.compile(
    r"\b(?:passwords?|passcodes?|passwort|passwörter|kennwort|contraseñas?|mots? de passe|senhas?|wachtwoord|şifre"
    r"|pin code|pin number|pin-code|geheimzahl|cvv|cvc|security code|card numbers?|kartennummern?|kreditkartennummer"
    r"|números? de tarjeta|numéros? de (?:la )?carte|números? do cartão|numero (?:di|della) carta|kaartnummer|kart numara\w*)\b"
    r"|パスワード|暗証番号|カード番号|密码|卡号|비밀번호|카드 ?번호|كلمة (?:المرور|السر)|رقم البطاقة|пароль|номер карты",
    re.IGNORECASE,
)


def _one_form(text: str) -> str:
    """The text with each letter in one form: "ñ" may come as one character or as two, and "１" is "1"."""
    return unicodedata.normalize("NFKC", text)


def _shouts(reply: Reply) -> bool:
    letters = [letter for letter in reply.text if letter.isalpha() and letter.lower() != letter.upper()]
    return len(letters) >= MIN_LETTERS_TO_SHOUT and all(letter.isupper() for letter in letters)


CHECKS: Mapping[str, Callable[[Reply], bool]] = {
    "empty": lambda reply: not reply.text.strip(),
    "too_long": lambda reply: reply.length > reply.limit,
    "placeholder": lambda reply: bool(_PLACEHOLDER.search(reply.text)),
    "asks_for_private_data": lambda reply: bool(_ASKS_PRIVATE.search(_one_form(reply.text))),
    "shows_card_number": lambda reply: any(map(_holds_card, _GROUPED.findall(_one_form(reply.text)))),
    "shows_email_address": lambda reply: bool(_EMAIL.search(reply.text)),
    "said_before": lambda reply: reply.said_before,
    "has_link": lambda reply: bool(_LINK.search(reply.text)),
    "shouts": _shouts,
}


def _holds_card(grouped: str) -> bool:
    """Whether some groups in a row are a card's number: other numbers may stand before and after it."""
    groups = re.findall(r"\d+", grouped)
    return any(
        len(digits) in _CARD_DIGITS and _passes_luhn(digits)
        for first in range(len(groups))
        for digits in accumulate(groups[first : first + max(_CARD_DIGITS)])
    )


def _passes_luhn(text: str) -> bool:
    """Whether the digits check out as a payment card's (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in text]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004 - 2 * 5 is the first of two digits
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
