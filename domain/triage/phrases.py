"""Tokenize text and match phrases in it, ignoring case, accents and typographic variants, in any script.

A token is a word in scripts with spaces between words, and a single character in others (Chinese, Japanese,
Korean, Thai), so that one matcher serves all. Links and @handles are dropped; a hashtag is split at its
capitals (#AppDown is two words).

A phrase is plain words, with two operators: `charg*` matches any word with that prefix, and `...` is a gap of
a few words ("card ... declined").
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
_CACHED_TOKENS = 4096
_CACHED_TEXTS = 256
_MARK = "\ue000"  # private use: replaces `*` while a phrase is tokenized
_GAP = "\ue001"  # private use: replaces `...`

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
_LOOK_ALIKES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "ـ": None, "ى": "ي", "ة": "ه"})
_KANA_MARKS = frozenset("\u3099\u309a")  # voicing marks are part of the letter, not accents

Label = TypeVar("Label", bound=Hashable)


def fold(text: str) -> str:
    """Remove case, accents, invisible characters and typographic variants."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LOOK_ALIKES))
        invisible = {c for c in set(text) - _KANA_MARKS if unicodedata.category(c) in {"Mn", "Cf"}}
        text = unicodedata.normalize("NFC", text.translate(dict.fromkeys(map(ord, invisible))))
    return text.casefold()


@lru_cache(_CACHED_TEXTS)
def tokens(text: str) -> tuple[str, ...]:
    """Split the text into folded tokens, without links and @handles. Cached: all rules read the same text."""
    if "#" in text:
        text = _HASHTAG.sub(lambda tag: _INNER_CAPITAL.sub(" ", tag.group()), text)
    folded = _ENGLISH_ENDING.sub("", fold(_NOT_WORDS.sub(" ", text)))
    found = _TOKEN.findall(folded)
    return tuple(found if folded.isascii() else (_ARABIC_ARTICLE.sub("", token) for token in found))


def is_unspaced(token: str) -> bool:
    """Return whether the token is a character of a script without spaces between words."""
    return _UNSPACED_TOKEN.match(token) is not None


@dataclass(frozen=True, slots=True)
class _Part:
    token: str
    stem: bool
    gap: int

    def fits(self, token: str) -> bool:
        return token.startswith(self.token) if self.stem else token == self.token


def check_phrase(phrase: str) -> None:
    """Raise `ValueError` when the phrase has nothing to match."""
    _parts(phrase)


@cache
def _parts(phrase: str) -> tuple[_Part, ...]:
    """Parse a phrase; raises `ValueError` when it has nothing to match. Cached: checked, then indexed."""
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


class _PartialMatch(NamedTuple, Generic[Label]):
    """A partly matched phrase.

    `words` is the length of the whole phrase, `rest` the parts still to be matched, and `needs` the whole
    words among them: a text without one of those cannot match.
    """

    label: Label
    phrase: str
    words: int
    needs: frozenset[str]
    rest: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Candidates(Generic[Label]):
    """The phrases that may begin with one token.

    `complete` are matched by it alone, `by_next_word` need a certain next word, and `other` continue with a
    stem or a gap.
    """

    complete: tuple[tuple[Label, str], ...]
    by_next_word: Mapping[str, Sequence[_PartialMatch[Label]]]
    other: tuple[_PartialMatch[Label], ...]

    @classmethod
    def of(cls, entries: Sequence[_Entry[Label]]) -> "_Candidates[Label]":
        by_next_word: dict[str, list[_PartialMatch[Label]]] = {}
        other = []
        for entry in entries:
            _, *rest = entry.parts
            if not rest:
                continue
            has_fixed_next = not rest[0].stem and not rest[0].gap
            remaining = tuple(rest[1:] if has_fixed_next else rest)
            needs = frozenset(part.token for part in remaining if not part.stem)
            partial = _PartialMatch(entry.label, entry.phrase, len(entry.parts), needs, remaining)
            if has_fixed_next:
                by_next_word.setdefault(rest[0].token, []).append(partial)
            else:
                other.append(partial)
        complete = tuple((entry.label, entry.phrase) for entry in entries if len(entry.parts) == 1)
        return cls(complete, by_next_word, tuple(other))


class Hit(NamedTuple, Generic[Label]):
    """A phrase found at the token index `at`; `words` is its length without gaps."""

    label: Label
    phrase: str
    at: int
    words: int = 1


class Phrases(Generic[Label]):
    """Labelled phrases, indexed by their first word, so that a search costs one lookup per token."""

    def __init__(
        self, phrases: Iterable[tuple[str, Label]], *, including: Iterable["Phrases[Label]"] = ()
    ) -> None:
        """Index the phrases and those of `including`: one merged index is faster to search than several."""
        self._words: dict[str, list[_Entry[Label]]] = {}
        self._stems: dict[str, list[_Entry[Label]]] = {}
        for phrase, label in phrases:
            self._add(_Entry(_parts(phrase), phrase, label))
        for other in including:
            for entry in other.entries():
                self._add(entry)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        self._candidates = lru_cache(_CACHED_TOKENS)(self._look_up)  # texts repeat few distinct words

    def _add(self, entry: "_Entry[Label]") -> None:
        index = self._stems if entry.parts[0].stem else self._words
        index.setdefault(entry.parts[0].token, []).append(entry)

    def entries(self) -> Iterator["_Entry[Label]"]:
        """Iterate over all indexed phrases."""
        for index in (self._words, self._stems):
            for own in index.values():
                yield from own

    def find(self, text: Sequence[str]) -> list[Hit[Label]]:
        """Return every phrase that occurs in the tokens, in the order of the text."""
        present = frozenset(text)
        candidates_of = self._candidates
        found: list[Hit[Label]] = []
        for at, (token, following) in enumerate(zip_longest(text, text[1:])):
            candidates = candidates_of(token)
            if candidates is None:
                continue
            if candidates.complete:
                found += [Hit(label, phrase, at) for label, phrase in candidates.complete]
            if following in candidates.by_next_word:
                _append_matches(found, candidates.by_next_word[following], present, text, at, at + 2)
            if candidates.other:
                _append_matches(found, candidates.other, present, text, at, at + 1)
        return found

    def labels(self) -> set[Label]:
        """Return the labels of all phrases."""
        return {entry.label for entry in self.entries()}

    def _look_up(self, token: str) -> "_Candidates[Label] | None":
        """Look up the phrases that may begin with this token; `None` where there are none."""
        entries = list(self._words.get(token, ()))
        for length in self._stem_lengths:
            if length <= len(token):
                entries += self._stems.get(token[:length], ())
        return _Candidates.of(entries) if entries else None


def _append_matches(
    found: list[Hit[Label]],
    phrases: Sequence[_PartialMatch[Label]],
    present: frozenset[str],
    text: Sequence[str],
    at: int,
    position: int,
) -> None:
    """Append a hit for each of the phrases, begun at `at`, whose rest matches at `position`."""
    for label, phrase, words, needs, rest in phrases:
        if not rest or (needs <= present and _matches_at(rest, text, position)):
            found.append(Hit(label, phrase, at, words))


def _matches_at(parts: tuple[_Part, ...], text: Sequence[str], at: int) -> bool:
    """Return whether the parts match at this position, allowing for gaps."""
    part, *rest = parts
    for position in range(at, min(at + part.gap + 1, len(text))):
        if part.fits(text[position]) and (not rest or _matches_at(tuple(rest), text, position + 1)):
            return True
    return False
