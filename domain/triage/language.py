"""Choose the language of a message, as an ISO 639 code."""

from typing import Protocol

_NO_LANGUAGE = frozenset({"und", "zxx", "mul", "art", "qme", "qst", "qht", "qam", "qct"})
_WITHDRAWN_CODES = {"in": "id", "iw": "he", "ji": "yi", "no": "nb"}
_MIN_LENGTH, _MAX_LENGTH = 2, 3


def pick_language(hint: str | None, detected: str | None, default: str) -> str:
    """Return the network's own hint, else the detected language, else the default.

    X's `lang` also has values for "undetermined", "only media", "only hashtags" and so on (und, qme, qht …),
    which are ignored, and uses some withdrawn codes (in, iw), which are mapped.
    """
    return _primary_subtag(hint) or _primary_subtag(detected) or default


def _primary_subtag(tag: str | None) -> str | None:
    """Return the primary subtag of a language tag ("pt-BR" is "pt"), or `None` when it names no language."""
    if tag is None:
        return None
    code = tag.strip().lower().replace("_", "-").partition("-")[0]
    if code in _NO_LANGUAGE or not (
        _MIN_LENGTH <= len(code) <= _MAX_LENGTH and code.isascii() and code.isalpha()
    ):
        return None
    return _WITHDRAWN_CODES.get(code, code)


class Detector(Protocol):
    """Detect the language of a text."""

    def detect(self, text: str) -> str | None:
        """Return an ISO 639-1 code, or `None` where the language is uncertain."""
        ...
