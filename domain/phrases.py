"""Finding phrases in what people write, whatever the case, the accents or the script.

A token is a word where words are separated by spaces, and a single character where they are not (Chinese, Japanese,
Korean, Thai), so that one matcher serves all. Links and @handles are not words and are left out.

A phrase is written as plain words, with two signs: `charg*` is any word that begins so, and `...` is a gap of a few
words ("card ... declined").
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Generic, TypeVar

WORD_GAP = 4
CHARACTER_GAP = 8
_REMEMBERED = 4096  # tokens
_REMEMBERED_TEXTS = 256
_MARK = "\ue000"  # private use: stands for `*` while a phrase is cut into tokens
_GAP = "\ue001"  # private use: stands for `...`

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af"
_EMOJI = "\u2600-\u27bf\u2b50\U0001f300-\U0001faff"
_NOT_WORDS = re.compile(r"https?://\S+|(?<![^\W_])@\w+")
_ENGLISH_ENDING = re.compile(r"(?<=\w)'(?=(?:t|s|re|ve|ll|d|m)\b)")
_TOKEN = re.compile(rf"[{_UNSPACED}{_EMOJI}{_GAP}]|[^\W_{_UNSPACED}]+{_MARK}?|{_MARK}")
_UNSPACED_TOKEN = re.compile(rf"[{_UNSPACED}]")
_ARABIC_ARTICLE = re.compile("^(?:[وفبك]?ال|لل)(?=\\w{3})")
_LOOK_ALIKE = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "ـ": None, "ى": "ي", "ة": "ه"})
_KANA_MARKS = frozenset("\u3099\u309a")  # a kana's voicing is part of the letter, not an accent

Label = TypeVar("Label", bound=Hashable)


def fold(text: str) -> str:
    """Return the text without case, accents, invisible characters and typographic variants."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LOOK_ALIKE))
        unseen = {c for c in set(text) - _KANA_MARKS if unicodedata.category(c) in {"Mn", "Cf"}}
        text = unicodedata.normalize("NFC", text.translate(dict.fromkeys(map(ord, unseen))))
    return text.casefold()


@lru_cache(_REMEMBERED_TEXTS)
def tokens(text: str) -> tuple[str, ...]:
    """Cut the text into folded tokens; links and @handles are left out. Each rule asks for those of the same post."""
    folded = _ENGLISH_ENDING.sub("", fold(_NOT_WORDS.sub(" ", text)))
    found = _TOKEN.findall(folded)
    return tuple(found if folded.isascii() else (_ARABIC_ARTICLE.sub("", token) for token in found))


def is_unspaced(token: str) -> bool:
    """Whether the token is a character of a script that is written without spaces."""
    return _UNSPACED_TOKEN.match(token) is not None


@dataclass(frozen=True, slots=True)
class _Part:
    token: str
    stem: bool
    gap: int

    def fits(self, token: str) -> bool:
        return token.startswith(self.token) if self.stem else token == self.token


def check_phrase(phrase: str) -> None:
    """Raise ValueError when nothing of the phrase can be matched."""
    _parts(phrase)


@cache
def _parts(phrase: str) -> tuple[_Part, ...]:
    """Cut a phrase as it is written in a file; ValueError when nothing of it can be matched. Checked first, then indexed."""
    marked = phrase.replace("...", f" {_GAP} ").replace("…", f" {_GAP} ").replace("*", _MARK)
    parts: list[_Part] = []
    gap = False
    for token in tokens(marked):
        if token == _GAP:
            gap = True
            continue
        word = token.rstrip(_MARK)
        if not word:
            raise ValueError(f"a phrase needs letters before its '*': {phrase!r}")
        width = CHARACTER_GAP if is_unspaced(word) else WORD_GAP
        parts.append(_Part(word, stem=token.endswith(_MARK), gap=width if gap else 0))
        gap = False
    if not parts:
        raise ValueError(f"a phrase needs at least one word: {phrase!r}")
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class _Entry(Generic[Label]):
    """A phrase under its first word: what must follow, and the whole words without which it cannot."""

    rest: tuple[_Part, ...]
    needs: frozenset[str]
    phrase: str
    label: Label


@dataclass(frozen=True, slots=True)
class Hit(Generic[Label]):
    """A phrase found at the token `at`."""

    label: Label
    phrase: str
    at: int


class Phrases(Generic[Label]):
    """Labelled phrases, indexed by their first word so that a search costs one look-up a token."""

    def __init__(self, phrases: Iterable[tuple[str, Label]]) -> None:
        self._words: dict[str, list[_Entry[Label]]] = {}
        self._stems: dict[str, list[_Entry[Label]]] = {}
        for phrase, label in phrases:
            first, *rest = _parts(phrase)
            index = self._stems if first.stem else self._words
            index.setdefault(first.token, []).append(
                _Entry(tuple(rest), frozenset(part.token for part in rest if not part.stem), phrase, label)
            )
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        self._beginning = lru_cache(_REMEMBERED)(self._look_up)  # people use few words, over and over

    def find(self, text: Sequence[str]) -> list[Hit[Label]]:
        """Return every phrase that occurs in the tokens, in their order."""
        present = frozenset(text)
        return [
            Hit(entry.label, entry.phrase, at)
            for at, token in enumerate(text)
            for entry in self._beginning(token)
            if not entry.rest or (entry.needs <= present and _follows(entry.rest, text, at + 1))
        ]

    def labels(self) -> set[Label]:
        """Return every label that a phrase can give."""
        entries = [*self._words.values(), *self._stems.values()]
        return {entry.label for own in entries for entry in own}

    def _look_up(self, token: str) -> tuple[_Entry[Label], ...]:
        """The phrases that may begin with this token."""
        found = list(self._words.get(token, ()))
        for length in self._stem_lengths:
            if length <= len(token):
                found += self._stems.get(token[:length], ())
        return tuple(found)


def _follows(parts: tuple[_Part, ...], text: Sequence[str], at: int) -> bool:
    """Whether the rest of a phrase stands at this place, its gaps allowed for."""
    if not parts:
        return True
    part = parts[0]
    for place in range(at, min(at + part.gap + 1, len(text))):
        if part.fits(text[place]) and _follows(parts[1:], text, place + 1):
            return True
    return False
