"""Which language a customer writes in, as a two-letter code."""

from typing import Protocol

_NO_HINT = frozenset({"und", "zxx", "mul", "art", "qme", "qst", "qht", "qam", "qct"})
_OLD_CODES = {"in": "id", "iw": "he", "ji": "yi", "no": "nb"}
_SHORTEST, _LONGEST = 2, 3


def pick_language(hint: str | None, detected: str | None, default: str) -> str:
    """Return the network's own hint, else what was detected, else the default.

    X's `lang` also says "undetermined", "only media", "only hashtags" and so on, which are no hint (und, qme, qht …), and
    uses some withdrawn codes (in, iw).
    """
    return _code(hint) or _code(detected) or default


def _code(tag: str | None) -> str | None:
    """Return the main part of a language tag ("pt-BR" is "pt"), or None when it names no language."""
    if tag is None:
        return None
    code = tag.strip().lower().replace("_", "-").partition("-")[0]
    if code in _NO_HINT or not (_SHORTEST <= len(code) <= _LONGEST and code.isascii() and code.isalpha()):
        return None
    return _OLD_CODES.get(code, code)


class Detector(Protocol):
    """Guesses a text's language."""

    def detect(self, text: str) -> str | None:
        """An ISO 639-1 code, or `None` where the text does not tell."""
        ...
