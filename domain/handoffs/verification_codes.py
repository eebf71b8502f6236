"""Detect verification codes in the text of a message."""

import re
from collections.abc import Iterable

_MARK = "\0"
_SENTENCE_END = re.compile(r"(?<=[.!?。！？\n])")
#: Six digits that stand alone, in one group or in two groups of three.
_SIX_DIGITS = re.compile(r"(?<![\w-])\d{3}[\s-]?\d{3}(?![\w-])")


def contains_code(text: str, code: str) -> bool:
    """Return whether the code stands alone in the text; its characters may be spaced or hyphenated."""
    return bool(code) and _pattern(code).search(text) is not None


def without_code(text: str, codes: Iterable[str]) -> str:
    """Return the text without the sentences that hold one of the codes, and without "My code is:" before one.

    What they say of a code is no complaint about codes that do not arrive.
    """
    for code in filter(None, codes):
        if contains_code(text, code):
            text = _without_marked(_pattern(code).sub(_MARK, text))
    return text


def _without_marked(text: str) -> str:
    kept: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        if _MARK not in sentence:
            kept.append(sentence)
        elif sentence.lstrip().startswith(_MARK) and kept and kept[-1].rstrip().endswith((":", "：")):
            kept.pop()
    return "".join(kept).strip()


def contains_six_digits(text: str) -> bool:
    """Return whether the text contains what may be a mistyped code."""
    return _SIX_DIGITS.search(text) is not None


def _pattern(code: str) -> re.Pattern[str]:
    spaced = r"[\s-]?".join(re.escape(character) for character in code)
    return re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
