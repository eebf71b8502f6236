"""Match search words in texts by whole words, and cut out the place where they were found.

A word finds itself and its inflections, up to two more letters ("card" finds "cards", not "Cardiff");
`card*` finds every word that begins so. In scripts without spaces between words, and for words with
punctuation ("a@b.com", "50%"), any place in the text counts.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.cases.case import Case
from domain.triage.phrases import is_unspaced

MAX_EXCERPT = 140  # characters
_BEFORE = 40  # characters shown before the first match
_ENDING = 2  # letters of an inflection
_QUOTES = '"“”„«»‘’'
_WORD = re.compile(r"\w+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a text; `matches` are the (start, end) positions in it that the search words matched."""

    text: str
    matches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case that a search found; `excerpt` is of the newest message with a search word, if one has any.

    `is_unproven`: the words are in a mail that stands apart from the case, and may be somebody else's.
    """

    case: Case
    excerpt: Excerpt | None
    is_unproven: bool = False


def folded(*texts: str) -> str:
    """Join and fold the texts: NFKC, case folding, and NFKC again because folding may decompose letters."""
    text = unicodedata.normalize("NFKC", "\n".join(texts))
    return unicodedata.normalize("NFKC", text.casefold())


def search_word(typed: str) -> str:
    """Return what is searched for a typed word, folded: without quotation marks, and without a handle's "@".

    Names are stored without their "@".
    """
    word = folded(typed)
    bare = word.strip(_QUOTES).removeprefix("@").strip(_QUOTES)
    return bare or word


def plain(word: str) -> str:
    """Return the search word without its operator: what a text that matches must contain."""
    return word.rstrip("*") or word


def matches(word: str, text: str) -> bool:
    """Return whether the text has the search word; both are folded."""
    return _pattern(word).search(text) is not None


def excerpt(words: Sequence[str], text: str) -> Excerpt:
    """Cut out the place of the first match, or the beginning where the text is spelled otherwise ("ß")."""
    shown = " ".join(unicodedata.normalize("NFKC", text).split())
    found = sorted({match.span() for word in words for match in _pattern(word).finditer(shown)})
    if not found:
        return Excerpt(shown[:MAX_EXCERPT] + ("…" if len(shown) > MAX_EXCERPT else ""), ())
    start = _start_of_excerpt(shown, found[0][0])
    end = min(len(shown), start + MAX_EXCERPT)
    before, after = "…" if start else "", "…" if end < len(shown) else ""
    shift = len(before) - start
    inside = [(first + shift, last + shift) for first, last in found if start <= first and last <= end]
    return Excerpt(before + shown[start:end] + after, tuple(_apart(inside)))


def _start_of_excerpt(text: str, match: int) -> int:
    """Return where a word begins, at most `_BEFORE` characters before the match."""
    if match <= _BEFORE:
        return 0
    begin = match - _BEFORE
    space = text.find(" ", begin, match)
    return space + 1 if space >= 0 else begin


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop spans that overlap an earlier one."""
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


@lru_cache(256)
def _pattern(word: str) -> re.Pattern[str]:
    bare = re.escape(plain(word))
    if not _WORD.fullmatch(plain(word)) or any(map(is_unspaced, plain(word))):
        return re.compile(bare, re.IGNORECASE)
    ending = r"\w*" if word.endswith("*") else rf"\w{{0,{_ENDING}}}\b"
    return re.compile(rf"(?<!\w){bare}{ending}", re.IGNORECASE)
