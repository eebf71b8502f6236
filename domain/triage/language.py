"""Which language a customer writes in, as a two-letter code, and what it is called."""

from typing import Protocol

_NO_HINT = frozenset({"und", "zxx", "mul", "art", "qme", "qst", "qht", "qam", "qct"})
_OLD_CODES = {"in": "id", "iw": "he", "ji": "yi", "no": "nb"}
_SHORTEST, _LONGEST = 2, 3

_NAMES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def pick_language(hint: str | None, detected: str | None, default: str) -> str:
    """Return the network's own hint, else what was detected, else the default.

    X's `lang` also says "undetermined", "only media", "only hashtags" and so on, which are no hint (und, qme, qht …), and
    uses some withdrawn codes (in, iw).
    """
    return _code(hint) or _code(detected) or default


def language_name(code: str) -> str:
    """Return the language's English name, or the code itself when it has none here."""
    return _NAMES.get(code, code)


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
