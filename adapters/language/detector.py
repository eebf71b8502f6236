"""Telling the language of a post when the network gives no hint."""

import re
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "tr", "zh")

_NOT_WORDS = re.compile(r"https?://\S+|[@#]\w+")
_LETTERS_NEEDED = 4  # of an alphabet; one character of Japanese, Chinese or Korean already tells
_LETTER = re.compile(r"[^\W\d_]")
_TELLING = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


class LinguaDetector:
    """Lingua in its low accuracy mode: 16 MB instead of 200, built at the first use."""

    def __init__(self, languages: Sequence[str] = LANGUAGES) -> None:
        self._languages = tuple(languages)
        self._detector: LanguageDetector | None = None
        self._building = threading.Lock()

    def detect(self, text: str) -> str | None:
        """Return the two-letter code of the text's language, or None when there is too little to tell by.

        Handles, links and hashtags are left out: they are seldom in the writer's language.
        """
        words = _NOT_WORDS.sub(" ", text)
        if len(_LETTER.findall(words)) < _LETTERS_NEEDED and not _TELLING.search(words):
            return None
        readable = words.encode("utf-8", "replace").decode(
            "utf-8"
        )  # Lingua is compiled and refuses lone surrogates
        found = self._built().detect_language_of(readable)
        return found.iso_code_639_1.name.lower() if found else None

    def _built(self) -> "LanguageDetector":
        with self._building:
            if self._detector is None:
                self._detector = _build(self._languages)
        return self._detector


def _build(languages: Sequence[str]) -> "LanguageDetector":
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [IsoCode639_1.from_str(code) for code in languages]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()
