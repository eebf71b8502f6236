"""Choose the language of a message, as an ISO 639 code."""

import re
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Protocol

from domain.triage.features import plain
from domain.triage.phrases import is_unspaced, tokens

#: The languages that are detected.
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "tr", "zh")

#: Letters from which the language of a text is certain: "Here I am, by DM" is Turkish for the detector, and
#: "ok lol" Haitian for X.
_MIN_LETTERS = 20
#: Letters from which the language of a text may be held against an answer in another one: of shorter posts
#: one in twenty is taken for another language. See docs/words.md.
_MANY_LETTERS = 40
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_LANGUAGE = frozenset({"und", "zxx", "mul", "art"})
_LOCAL_USE = ("qaa", "qtz")  # ISO 639-2 reserves the codes from the first to the last for local use
_WITHDRAWN_CODES = {"in": "id", "iw": "he", "ji": "yi", "no": "nb"}
_MIN_LENGTH, _MAX_LENGTH = 2, 3


def shows_language(text: str) -> bool:
    """Return whether a text is long enough for its language to be likely."""
    return _has_letters(text, _MIN_LETTERS)


def proves_language(text: str) -> bool:
    """Return whether a text is long enough for its language to be certain."""
    return _has_letters(text, _MANY_LETTERS)


def _has_letters(text: str, least: int) -> bool:
    letters = "".join(_LETTERS.findall(plain(text)))
    return len(letters) >= least or any(map(is_unspaced, letters))


def pick_language(text: str, hint: str | None, detect: Callable[[str], str | None], default: str) -> str:
    """Return the language of a text: the network's own hint, else the detected one, else the default.

    A hint at a language that is not among `LANGUAGES` is ignored for a short text.
    """
    hinted = language_code(hint)
    if hinted is not None and (hinted in LANGUAGES or shows_language(text)):
        return hinted
    return language_code(detect(text)) or default


def language_of_common_words(
    text: str, common_words: Mapping[str, Collection[str]], likeliest: str
) -> str | None:
    """Return the language with more of the text's words among its `common_words` than the `likeliest` has.

    The words are folded. `None` where no language or several have most, or the `likeliest` has no list.
    """
    if likeliest not in common_words:
        return None
    words = tokens(text)
    counts = {language: sum(word in common for word in words) for language, common in common_words.items()}
    most = max(counts.values())
    found = [language for language, count in counts.items() if count == most]
    return found[0] if len(found) == 1 and found[0] != likeliest else None


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


class Detector(Hashable, Protocol):
    """Detect the language of a text."""

    def detect(self, text: str) -> str | None:
        """Return an ISO 639-1 code, or `None` where the language is uncertain."""
        ...
