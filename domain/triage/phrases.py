"""Finding phrases in what people write, whatever the case, the accents or the script.

A token is a word where words are separated by spaces, and a single character where they are not (Chinese, Japanese,
Korean, Thai), so that one matcher serves all. Links and @handles are not words and are left out; #AppDown is two words.

A phrase is written as plain words, with two signs: `charg*` is any word that begins so, and `...` is a gap of a few
words ("card ... declined").
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Generic, NamedTuple, TypeVar

WORD_GAP = 4
CHARACTER_GAP = 8
_REMEMBERED = 4096  # tokens
_REMEMBERED_TEXTS = 256
_MARK = "\ue000"  # private use: stands for `*` while a phrase is cut into tokens
_GAP = "\ue001"  # private use: stands for `...`

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af"
_EMOJI = "\u2600-\u27bf\u2b50\U0001f300-\U0001faff"
_NOT_WORDS = re.compile(r"https?://\S+|(?<![^\W_])@\w+")
_HASHTAG = re.compile(r"#\w+")
_INNER_CAPITAL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_ENGLISH_ENDING = re.compile(r"(?<=\w)'(?=(?:t|s|re|ve|ll|d|m)\b)")
_TOKEN = re.compile(rf"[{_UNSPACED}{_EMOJI}{_GAP}]|[^\W_{_UNSPACED}]+{_MARK}?|{_MARK}")
_PLAIN = re.compile(r"[a-z0-9]+\*?(?: [a-z0-9]+\*?)*")
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
    if "#" in text:
        text = _HASHTAG.sub(lambda tag: _INNER_CAPITAL.sub(" ", tag.group()), text)
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
    if _PLAIN.fullmatch(phrase):
        return tuple(_Part(word.rstrip("*"), stem=word.endswith("*"), gap=0) for word in phrase.split())
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
    parts: tuple[_Part, ...]
    phrase: str
    label: Label


class _Longer(NamedTuple, Generic[Label]):
    """A phrase that goes on: how many words it has, those whole ones without which it cannot be, and what is yet to follow."""

    label: Label
    phrase: str
    words: int
    needs: frozenset[str]
    rest: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Beginning(Generic[Label]):
    """The phrases that may begin with one token: those it completes, those that a certain word must follow, and the rest."""

    whole: tuple[tuple[Label, str], ...]
    followed: Mapping[str, Sequence[_Longer[Label]]]
    loose: tuple[_Longer[Label], ...]

    @classmethod
    def of(cls, entries: Sequence[_Entry[Label]]) -> "_Beginning[Label]":
        followed: dict[str, list[_Longer[Label]]] = {}
        loose = []
        for entry in entries:
            _, *rest = entry.parts
            if not rest:
                continue
            by_next = not rest[0].stem and not rest[0].gap
            left = tuple(rest[1:] if by_next else rest)
            needs = frozenset(part.token for part in left if not part.stem)
            longer = _Longer(entry.label, entry.phrase, len(entry.parts), needs, left)
            if by_next:
                followed.setdefault(rest[0].token, []).append(longer)
            else:
                loose.append(longer)
        whole = tuple((entry.label, entry.phrase) for entry in entries if len(entry.parts) == 1)
        return cls(whole, followed, tuple(loose))


class Hit(NamedTuple, Generic[Label]):
    """A phrase found at the token `at`; `words` are its own, gaps not counted."""

    label: Label
    phrase: str
    at: int
    words: int = 1


class Phrases(Generic[Label]):
    """Labelled phrases, indexed by their first word so that a search costs one look-up a token."""

    def __init__(
        self, phrases: Iterable[tuple[str, Label]], *, including: Iterable["Phrases[Label]"] = ()
    ) -> None:
        """Index them, with those of others: all in one are searched in the time of the longest, not of all together."""
        self._words: dict[str, list[_Entry[Label]]] = {}
        self._stems: dict[str, list[_Entry[Label]]] = {}
        for phrase, label in phrases:
            self._add(_Entry(_parts(phrase), phrase, label))
        for other in including:
            for entry in other.entries():
                self._add(entry)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        self._beginning = lru_cache(_REMEMBERED)(self._look_up)  # people use few words, over and over

    def _add(self, entry: "_Entry[Label]") -> None:
        index = self._stems if entry.parts[0].stem else self._words
        index.setdefault(entry.parts[0].token, []).append(entry)

    def entries(self) -> Iterator["_Entry[Label]"]:
        """Everything that is indexed."""
        for index in (self._words, self._stems):
            for own in index.values():
                yield from own

    def find(self, text: Sequence[str]) -> list[Hit[Label]]:
        """Return every phrase that occurs in the tokens, in their order."""
        present = frozenset(text)
        beginning = self._beginning
        found: list[Hit[Label]] = []
        for at, (token, following) in enumerate(zip_longest(text, text[1:])):
            own = beginning(token)
            if own is None:
                continue
            if own.whole:
                found += [Hit(label, phrase, at) for label, phrase in own.whole]
            if following in own.followed:
                _grow(found, own.followed[following], present, text, at, at + 2)
            if own.loose:
                _grow(found, own.loose, present, text, at, at + 1)
        return found

    def labels(self) -> set[Label]:
        """Return every label that a phrase can give."""
        return {entry.label for entry in self.entries()}

    def _look_up(self, token: str) -> "_Beginning[Label] | None":
        """The phrases that may begin with this token, or None."""
        entries = list(self._words.get(token, ()))
        for length in self._stem_lengths:
            if length <= len(token):
                entries += self._stems.get(token[:length], ())
        return _Beginning.of(entries) if entries else None


def _grow(
    found: list[Hit[Label]],
    phrases: Sequence[_Longer[Label]],
    present: frozenset[str],
    text: Sequence[str],
    at: int,
    place: int,
) -> None:
    """Add those of the phrases that began at `at` whose rest stands at `place`."""
    for label, phrase, words, needs, rest in phrases:
        if not rest or (needs <= present and _follows(rest, text, place)):
            found.append(Hit(label, phrase, at, words))


def _follows(parts: tuple[_Part, ...], text: Sequence[str], at: int) -> bool:
    """Whether the rest of a phrase stands at this place, its gaps allowed for."""
    part, *rest = parts
    for place in range(at, min(at + part.gap + 1, len(text))):
        if part.fits(text[place]) and (not rest or _follows(tuple(rest), text, place + 1)):
            return True
    return False
