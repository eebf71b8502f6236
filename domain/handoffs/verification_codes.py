"""Detect verification codes in the text of a message."""

import re

#: Six digits that stand alone, in one group or in two groups of three.
_SIX_DIGITS = re.compile(r"(?<![\w-])\d{3}[\s-]?\d{3}(?![\w-])")


def contains_code(text: str, code: str) -> bool:
    """Return whether the code stands alone in the text; its characters may be spaced or hyphenated."""
    if not code:
        return False
    spaced = r"[\s-]?".join(re.escape(character) for character in code)
    return re.search(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE) is not None


def contains_six_digits(text: str) -> bool:
    """Return whether the text contains what may be a mistyped code."""
    return _SIX_DIGITS.search(text) is not None
