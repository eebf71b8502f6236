"""Shorten what was written so that it fits, and find what a shortened text does not say."""

import re
from collections.abc import Callable

from domain.outages.notices import Version

#: Characters by which what was written is recognised in a text; with fewer it was written anew.
BEGINNING = 25
_LEAST_SHARE = 0.5  # of what fits, which whole sentences have to fill: with less, half a sentence tells more
_LONGEST_WORD = 30
# A full stop behind a single letter or a number ("z. B.", "3. May") ends no sentence, nor one before a small
# letter. Where the writing has no spaces, the mark alone ends it.
_SENTENCE_END = re.compile(
    r"(?:(?<![\W_]\w)(?<!\d)(?<!^\w)\.|[!?؟।…]|[.!?]{2,})[\"'”’»)\]]*(?=\s|$)|[。！？]"
)


def fitting_part(text: str, fits: Callable[[str], bool]) -> str:
    """Return the beginning of a text that fits: whole sentences, or else words with an ellipsis."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(_with_ellipsis(text, middle)) else (low, middle - 1)
    words = _with_ellipsis(text, low)
    sentences = _whole_sentences(text, low)
    return sentences if len(sentences) >= _LEAST_SHARE * len(words) and fits(sentences) else words


def left_out(text: str, version: Version, fits: Callable[[str], bool]) -> list[str]:
    """Return the parts of what was written that are not in a text, for want of room.

    Empty where they would fit behind it: somebody took them out. Empty, too, where the text was written anew.
    """
    whole = " ".join(text.split())
    problem, workaround = " ".join(version.problem.split()), " ".join(version.workaround.split())
    if problem[:BEGINNING] not in whole:
        return []
    missing = [problem[_said_until(problem, whole) :].strip(), "" if workaround in whole else workaround]
    parts = [part for part in missing if part]
    return [] if fits(" ".join([text, *parts])) else parts


def _said_until(problem: str, text: str) -> int:
    """Return the length of the beginning of the problem that a text has, up to the end of a word."""
    low, high = 0, len(problem)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if problem[:middle].rstrip() in text else (low, middle - 1)
    if low < len(problem) and problem[low].isalnum():
        word = problem[:low].rpartition(" ")[0]
        low = len(word) if low - len(word) <= _LONGEST_WORD else low
    return low


def _whole_sentences(text: str, length: int) -> str:
    ends = [
        found.end()
        for found in _SENTENCE_END.finditer(text)
        if found.end() <= length and not text[found.end() :].lstrip()[:1].islower()
    ]
    return text[: ends[-1]].strip() if ends else ""


def _with_ellipsis(text: str, length: int) -> str:
    kept = text[:length]
    if length < len(text) and not text[length].isspace() and " " in kept:
        kept = kept.rpartition(" ")[0]
    return f"{kept.rstrip()}…"
