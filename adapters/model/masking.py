"""Take personal data out of what goes to a model, and put it back into what comes from it.

In doubt a text is masked: a mark costs the model little, since what it stands for is put back. Names are
recognised only where they are known, and addresses by their usual forms.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from domain.replies.checks.personal_data import contains_card_number
from domain.triage.phrases import is_unspaced

#: What a mark of these kinds stood for is not kept: it never comes back, to nobody.
_NOT_KEPT = frozenset({"CARD", "SECRET"})
_DROPPED = "••••"
_KINDS = (
    "CARD", "SECRET", "TEXT", "EMAIL", "LINK", "HANDLE", "IBAN", "PHONE", "ADDRESS", "NAME", "REFERENCE", "NUMBER",
)  # fmt: skip
_KIND_NAMES = {
    **{kind: kind.lower() for kind in _KINDS},
    "CARD": "card number",
    "EMAIL": "e-mail address",
    "IBAN": "bank account",
    "PHONE": "phone number",
    "TEXT": "…",
}
_MARK = re.compile(rf"<\s*((?:{'|'.join(_KINDS)})_\d+)\s*>", re.IGNORECASE)
_BARE_MARK = re.compile(rf"(?<![^\W_])(?:{'|'.join(_KINDS)})_\d+(?![^\W_])", re.IGNORECASE)
#: Four digits and more, with what people write between them.
_DIGITS = re.compile(r"\+?\(?\d(?:[\s.,:;/()|*_·•‐-―-]{0,3}\d){3,}")
_MIN_PHONE_DIGITS = 7
_MIN_WORD, _MIN_EXACT_WORD = 3, 2  # letters of a part of a name; a shorter one must be written as in the name

#: All are matched on folded text: without accents, in ASCII digits. What may repeat is bounded, so that the
#: time is linear in the length of a text.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("TEXT", re.compile(rf"{_MARK.pattern}|{_BARE_MARK.pattern}", re.IGNORECASE)),
    (
        "SECRET",
        re.compile(
            r"\b(?:pass ?(?:word|code|phrase)|passwort|kennwort|contrasena|clave|mot de passe|mdp|senha|wachtwoord|sifre"
            r"|pin|tan|otp|cvv2?|cvc2?|token|secret|api[ _-]?key|パスワード)\b[^\S\n]*"
            r"(?:[:=]+\s*[\"'“„«]?(?P<said>\S{3,})"
            r"|(?:is|was|ist|lautet|es|est|e|e:|:|=)?[^\S\n]*[\"'“„«]?(?P<mixed>(?=\S*\d)\S{3,}))",
            re.IGNORECASE,
        ),
    ),
    (
        "LINK",
        re.compile(
            r"\b(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s<>]+|\b(?:mailto|tel|sms):[^\s<>]+"
            r"|\b(?:[\w-]{1,63}\.){1,8}[a-z]{2,63}[/?#][^\s<>]+",
            re.IGNORECASE,
        ),
    ),
    (
        "EMAIL",
        re.compile(
            r"[\w.+%'-]{1,64}@[\w-]+(?:\s?\.\s?[\w-]+)*|[\w.+%-]{1,64}\s@(?:[\w-]+\.)+[a-z]{2,}"
            r"|[\w.+%-]{1,64}\s@\s[\w-]+(?:\s?\.\s?[\w-]+)+"
            r"|[\w.+%-]{1,64}\s*[\[({]\s*(?:at|@|arroba|chez|a)\s*[\])}]\s*[\w-]+(?:\s*[\[({]?\s*(?:dot|punto|punkt|point|ponto|\.)\s*[\])}]?\s*[\w-]+)+"
            r"|[\w.+%-]{1,64}\s+(?:at|arroba)\s+[\w-]+(?:\s+(?:dot|punto|punkt|point|ponto)\s+[\w-]+)+",
            re.IGNORECASE,
        ),
    ),
    ("HANDLE", re.compile(r"@\w[\w.]*")),
    (
        "IBAN",
        re.compile(
            r"(?<![^\W_])[A-Z]{2}\d{2}(?:[\s.-]?[A-Z0-9]{4}){2,7}(?:[\s.-]?[A-Z0-9]{1,3})?(?![^\W_])", re.IGNORECASE
        ),
    ),
    (
        "ADDRESS",
        re.compile(
            r"\b\d{1,5}[a-z]?,?\s+(?:[\w'.-]{1,30}\s+){1,3}(?:street|str|st|road|rd|avenue|ave|lane|ln|drive|dr|way|close|court|square|terrace|boulevard|blvd)\b\.?"
            r"|\b[\w.-]{0,40}(?:straße|strasse|str\.|weg|platz|allee|gasse|straat|laan|plein)\s+\d{1,4}\s?[a-z]?\b"
            r"|\b(?:calle|c/|avenida|avda?\.?|plaza|paseo|rue|boulevard|bd|avenue|via|viale|piazza|corso|rua|travessa|praca)"
            r"\s+(?:[\w'’.-]{1,30}[\s,]+){1,5}?(?:n[o.]{0,2}\s*)?\d{1,4}\b"
            r"|\b\d{1,4},?\s+(?:bis\s+)?(?:rue|avenue|boulevard|chemin|impasse|place)\s+(?:[\w'’-]{1,30}\s?){1,4}"
            r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b",
            re.IGNORECASE,
        ),
    ),
    (
        "REFERENCE",
        re.compile(
            r"(?<![\w-])(?=[\w-]*\d[\w-]*\d)(?=[\w-]*[^\W\d_])[\w-]{6,}"
            r"|\b(?:order|booking|reservation|reference|ref|pnr|ticket|case|account|customer|contract|policy|tracking|invoice|voucher"
            r"|(?:bestell|auftrag|buchung|kunden|vertrag|rechnung|sendung)\w*|pedido|reserva|localizador|cuenta|commande|dossier|ordine|prenotazione"
            r"|encomenda|bestelling|boeking|siparis)\b(?:[\s.:#=]|is\b|id\b|code\b|no\b|nr\b|nummer\b|numero\b|number\b|de\b|n[o.]\b){1,8}"
            r"(?P<code>(?-i:[A-Z0-9][A-Z0-9-]{3,}))",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip
_TRAILING = ".,;:!?)]}\"'»”"


class UnknownMark(ValueError):
    """A text has a mark that stands for nothing."""


class _Span(NamedTuple):
    """A piece of a text, and its kind."""

    start: int
    end: int
    kind: str


class Mask:
    """The personal data of one call.

    `known` are names and handles of the customer. `language` (ISO 639-1) says how telephone numbers without a
    country are read.
    """

    def __init__(self, known: Iterable[str] = (), language: str = "") -> None:
        self._names = _name_patterns(known)
        self._region = _region_of(language)
        self._marks: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}

    def cover(self, texts: Sequence[str]) -> list[str]:
        """Put marks for personal data into texts that follow each other.

        A number that is written over several of them is one.
        """
        joined = "\n".join(texts)
        spans = _merged(self._find(joined))
        covered, start = [], 0
        for text in texts:
            end = start + len(text)
            covered.append(self._cover_one(joined, start, end, spans))
            start = end + 1
        return covered

    def restore(self, text: str) -> str:
        """Put back what the marks stand for. Raises UnknownMark where a text has others."""
        restored, last = [], 0
        for found in _MARK.finditer(text):
            mark = found[1].upper()
            if mark not in self._values:
                raise UnknownMark(mark)
            restored += [_require_no_mark(text[last : found.start()]), self._values[mark]]
            last = found.end()
        return "".join([*restored, _require_no_mark(text[last:])])

    def _find(self, text: str) -> Iterator[_Span]:
        folded, positions = _fold(text)
        found = [*_pattern_spans(folded), *_digit_spans(folded), *self._phone_spans(folded)]
        found += [
            _Span(m.start(), m.end(), "NAME") for pattern in self._names for m in pattern.finditer(folded)
        ]
        for span in found:
            yield _Span(positions[span.start], positions[span.end - 1] + 1, span.kind)

    def _phone_spans(self, folded: str) -> Iterator[_Span]:
        import phonenumbers

        matcher = phonenumbers.PhoneNumberMatcher(
            folded, self._region, leniency=phonenumbers.Leniency.POSSIBLE, max_tries=100
        )
        for match in matcher:
            if sum(map(str.isdigit, match.raw_string)) >= _MIN_PHONE_DIGITS:
                yield _Span(match.start, match.end, "PHONE")

    def _cover_one(self, joined: str, start: int, end: int, spans: Sequence[_Span]) -> str:
        parts, last = [], start
        for span in spans:
            first, until = max(span.start, start), min(span.end, end)
            if first < until:
                parts += [joined[last:first], f"<{self._mark(span.kind, joined[first:until])}>"]
                last = until
        return "".join([*parts, joined[last:end]])

    def _mark(self, kind: str, value: str) -> str:
        kept = _DROPPED if kind in _NOT_KEPT else value
        known = self._marks.get((kind, value))
        if known is not None:
            return known
        mark = f"{kind}_{sum(one == kind for one, _ in self._marks) + 1}"
        self._marks[kind, value] = mark
        self._values[mark] = kept
        return mark


def without_personal_data(texts: Sequence[str], known: Iterable[str], language: str) -> list[str]:
    """Replace personal data in texts for good by what it is, such as "[name]".

    `known` and `language` are as for `Mask`.
    """
    covered = Mask(known, language).cover(texts)
    return [
        _MARK.sub(lambda found: f"[{_KIND_NAMES[found[1].rpartition('_')[0].upper()]}]", text)
        for text in covered
    ]


def _fold(text: str) -> tuple[str, list[int]]:
    """Return the text without accents, invisible characters and foreign digits, and where each one was."""
    folded, positions = [], []
    for index, character in enumerate(text):
        for one in character if character.isascii() else unicodedata.normalize("NFKD", character):
            if unicodedata.category(one) in {"Cf", "Me", "Mn"}:
                continue
            digit = unicodedata.digit(one, None)
            folded.append(one if digit is None else str(digit))
            positions.append(index)
    return "".join(folded), positions


def _pattern_spans(folded: str) -> Iterator[_Span]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            named = next((name for name, value in match.groupdict().items() if value is not None), 0)
            start, end = match.span(named)
            end = start + len(folded[start:end].rstrip(_TRAILING))
            if start < end:
                yield _Span(start, end, kind)


def _digit_spans(folded: str) -> Iterator[_Span]:
    for match in _DIGITS.finditer(folded):
        is_card = contains_card_number(match.group())
        yield _Span(match.start(), match.end(), "CARD" if is_card else "NUMBER")


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    """Merge overlapping spans; the kind that stands first in `_KINDS` names the whole."""
    merged: list[_Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            last = merged.pop()
            kind = min(last.kind, span.kind, key=_KINDS.index)
            span = _Span(last.start, max(last.end, span.end), kind)  # noqa: PLW2901 - the merged one
        merged.append(span)
    return merged


def _name_patterns(known: Iterable[str]) -> list[re.Pattern[str]]:
    """Return the patterns of whole names and of their parts."""
    patterns = []
    for name in {_fold(one)[0].strip() for one in known}:
        # A number in a name is masked where it is one of four digits and more, as all are.
        words = [word for word in re.findall(r"[^\W_]+", name) if not word.isdecimal()]
        if not words:
            continue
        patterns.append(_name_pattern(r"[\W_]*".join(map(re.escape, words)), name, re.IGNORECASE))
        for word in words:
            if len(word) >= _MIN_WORD or is_unspaced(word[0]):
                patterns.append(_name_pattern(re.escape(word), word, re.IGNORECASE))
            elif len(word) >= _MIN_EXACT_WORD:
                patterns.append(_name_pattern(re.escape(word), word, re.NOFLAG))
    return patterns


def _name_pattern(pattern: str, name: str, flags: re.RegexFlag) -> re.Pattern[str]:
    """Match whole words, in scripts that put spaces between words."""
    return re.compile(pattern if is_unspaced(name[0]) else rf"(?<![^\W_]){pattern}(?![^\W_])", flags)


def _region_of(language: str) -> str | None:
    """Return the country where most people write the language ("pt" is BR)."""
    from babel.core import get_global

    return str(get_global("likely_subtags").get(language, "")).rpartition("_")[2] or None


def _require_no_mark(text: str) -> str:
    if (found := _BARE_MARK.search(text)) is not None:
        raise UnknownMark(found.group())
    return text
