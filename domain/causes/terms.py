"""Find the terms of a post that can name what it is about: words, pairs of words, and runs of characters."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from domain.triage.phrases import fold, is_unspaced

MIN_LETTERS = 3
#: Endings by which two forms of a word are taken for one.
_ENDINGS = frozenset({"s", "es", "d", "ed", "ing", "e", "n", "en"})
_MIN_STEM = 5
_LONGEST_HAN = 4  # characters that are taken for one word
_RUN_SIZES = range(2, 7)  # characters of a term where nothing tells where words end
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_HIRAGANA, _KATAKANA, _HAN = "HIRAGANA", "KATAKANA", "CJK"


def terms_of(words: Sequence[str], stop_words: Collection[str]) -> set[str]:
    """Return the distinct terms of a text's tokens, each as tokens that are joined by spaces.

    In scripts with spaces, words and pairs of neighbours; those with a stop word at either end name nothing.
    In Japanese, runs of katakana and of kanji; in other scripts without spaces, runs of every short length.
    """
    if "".join(words).isascii():
        return _names(words, stop_words)
    found: set[str] = set()
    for unspaced, group in groupby(words, is_unspaced):
        if unspaced:
            found.update(run for run in map(" ".join, _runs(list(group))) if run not in stop_words)
        else:
            found |= _names(list(group), stop_words)
    return found


def _names(words: Sequence[str], stop_words: Collection[str]) -> set[str]:
    names = [word if _can_name(word, stop_words) else "" for word in words]
    found = {f"{one} {other}" for one, other in pairwise(names) if one and other}
    return found | set(filter(None, names))


def _can_name(word: str, stop_words: Collection[str]) -> bool:
    return len(word) >= MIN_LETTERS and not word.isdigit() and word not in stop_words


def _runs(characters: Sequence[str]) -> Iterator[Sequence[str]]:
    for script, group in groupby(characters, _script):
        run = list(group)
        if script == _HIRAGANA or len(run) < _RUN_SIZES.start:
            continue
        if script == _KATAKANA or (script == _HAN and len(run) <= _LONGEST_HAN):
            yield run
            continue
        for size in _RUN_SIZES:
            yield from (run[at : at + size] for at in range(len(run) - size + 1))


def _script(character: str) -> str:
    if character == "ー":  # lengthens the katakana before it
        return _KATAKANA
    return unicodedata.name(character, "").split(" ")[0]


def join_inflections(postings: Mapping[str, set[int]]) -> dict[str, tuple[str, ...]]:
    """Return the forms of each term by its shortest one: "refund", "refunds", "refunded"."""
    forms: dict[str, list[str]] = {}
    for term in sorted(postings, key=lambda term: (len(term), term)):
        stem = next((stem for stem in _stems(term) if stem in forms), term)
        forms.setdefault(stem, []).append(term)
    return {stem: tuple(found) for stem, found in forms.items()}


def _stems(term: str) -> Iterator[str]:
    if " " in term or is_unspaced(term):
        return
    for size in (3, 2, 1):
        stem, ending = term[:-size], term[-size:]
        if ending in _ENDINGS and (len(stem) >= _MIN_STEM or (ending == "s" and len(stem) > MIN_LETTERS)):
            yield stem


def as_written(term: str, texts: Iterable[str]) -> str:
    """Return the term as most of the texts write it; without spaces where the script has none."""
    words = term.split()
    if is_unspaced(words[0]):
        return "".join(words)
    spellings: Counter[str] = Counter()
    for text in texts:
        written = _WORD.findall(text)
        folded = [fold(word) for word in written]
        for at in range(len(folded) - len(words) + 1):
            if folded[at : at + len(words)] == words:
                spellings[" ".join(written[at : at + len(words)])] += 1
                break
    return max(spellings, key=lambda one: (spellings[one], one), default=term)
