"""Choose the language of a message, as an ISO 639 code."""

from typing import Protocol

_NO_LANGUAGE = frozenset({"und", "zxx", "mul", "art"})
_LOCAL_USE = ("qaa", "qtz")  # ISO 639-2 reserves the codes from the first to the last for local use
_WITHDRAWN_CODES = {"in": "id", "iw": "he", "ji": "yi", "no": "nb"}
_MIN_LENGTH, _MAX_LENGTH = 2, 3


def pick_language(hint: str | None, detected: str | None, default: str) -> str:
    """Return the network's own hint, else the detected language, else the default."""
    return language_code(hint) or language_code(detected) or default


def language_code(tag: str | None) -> str | None:
    """Return the ISO 639 code of a language tag ("pt-BR" is "pt"), or `None` when it names no language.

    Withdrawn codes are replaced by their successors. Codes for "undetermined", "several" and so on, and those
    for local use, name no language.
    """
    if tag is None:
        return None
    code = tag.strip().lower().replace("_", "-").partition("-")[0]
    if code in _NO_LANGUAGE or not (
        _MIN_LENGTH <= len(code) <= _MAX_LENGTH and code.isascii() and code.isalpha()
    ):
        return None
    if len(code) == _MAX_LENGTH and _LOCAL_USE[0] <= code <= _LOCAL_USE[1]:
        return None
    return _WITHDRAWN_CODES.get(code, code)


class Detector(Protocol):
    """Detect the language of a text."""

    def detect(self, text: str) -> str | None:
        """Return an ISO 639-1 code, or `None` where the language is uncertain."""
        ...
