"""Mask strongly abusive words where a text is shown: their first letter stays, the others become dots.

What is stored, searched, assessed and sent to a model is always the text as it was written.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from domain.triage.phrases import Phrases, fold, is_unspaced

MASK = "•"
_OPERATOR = re.compile(r"\*|…|\.\.\.")
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})

#: Links, e-mail addresses and @handles stay as they are. Each begins where a word does: linear in the text.
_UNTOUCHED = re.compile(
    r"https?://\S+"
    r"|(?<![\w.+-])[\w.+-]+@[\w.-]+"
    r"|(?<![\w.+-])(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?"
    r"|@\w+",
    re.IGNORECASE,
)


class _Token(NamedTuple):
    text: str
    start: int
    end: int


class AbusiveWords:
    """The abusive words and phrases of all languages."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Index the phrases; raises `ValueError` for one that is not plain words."""
        unique = sorted(set(phrases))
        for phrase in unique:
            if _OPERATOR.search(phrase):
                raise ValueError(f"a phrase is plain words, without '*' and '...': {phrase!r}")
        self._phrases = Phrases((phrase, None) for phrase in unique)

    def mask(self, text: str) -> str:
        """Return the text, of equal length, with all but the first letter of each abusive word as dots."""
        found = list(_tokens(text))
        masked = list(text)
        for hit in self._phrases.find([token.text for token in found]):
            for start, end in _words(found[hit.at : hit.at + hit.words]):
                masked[start + 1 : end] = MASK * (end - start - 1)
        return "".join(masked)


def _words(matched: Sequence[_Token]) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each word; neighbouring characters of an unspaced script are one."""
    begin = 0
    for at, (token, following) in enumerate(zip(matched, [*matched[1:], None], strict=True)):
        if following is None or following.start > token.end or not is_unspaced(token.text):
            yield matched[begin].start, token.end
            begin = at + 1


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the folded words with their places, and an empty token where no phrase goes on."""
    end = 0
    for untouched in _UNTOUCHED.finditer(text):
        yield from _words_between(text, end, untouched.start())
        yield _Token("", untouched.start(), untouched.end())
        end = untouched.end()
    yield from _words_between(text, end, len(text))


def _words_between(text: str, at: int, stop: int) -> Iterator[_Token]:
    while at < stop:
        end = at + 1
        if text[at].isalnum():
            alone = is_unspaced(text[at])
            while end < stop and _continues(text[end], alone=alone):
                end += 1
            yield _Token(fold(text[at:end]), at, end)
        at = end


def _continues(character: str, *, alone: bool) -> bool:
    """Return whether a word goes on; `alone` where it is a single character of an unspaced script."""
    if unicodedata.category(character) in _INVISIBLE:
        return True
    return not alone and character.isalnum() and not is_unspaced(character)
