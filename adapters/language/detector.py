"""Detect the language of a post for which the network gives no hint."""

import re
import threading
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from domain.triage.language import LANGUAGES, language_of_common_words
from domain.triage.rare_languages import rare_language

if TYPE_CHECKING:
    from lingua import LanguageDetector

_NON_TEXT = re.compile(r"https?://\S+|[@#]\w+")
_MIN_LETTERS = 4  # of an alphabet; one Japanese, Chinese or Korean character is enough
_MANY_LETTERS = 40  # from which the likeliest language is taken for certain; see docs/words.md
_MIN_CONFIDENCE = 0.7  # in a text with fewer letters
_LETTER = re.compile(r"[^\W\d_]")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


class LinguaDetector:
    """Implements `domain.triage.language.Detector` with Lingua, loaded at the first use.

    Languages that Lingua does not load are recognised by their letters and words
    (`domain.triage.rare_languages`). In Lingua's low accuracy mode: 16 MB instead of 200. Of a short text,
    the `common_words` of each language, folded, know more: "app is broken" is Dutch for Lingua.
    """

    def __init__(
        self,
        languages: Sequence[str] = LANGUAGES,
        *,
        common_words: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._languages = tuple(languages)
        self._common_words = common_words or {}
        self._detector: LanguageDetector | None = None
        self._lock = threading.Lock()

    def detect(self, text: str) -> str | None:
        """Return the ISO 639-1 code of the text's language; `None` where there is too little text to be sure.

        Handles, links and hashtags are left out: they are seldom in the writer's language.
        """
        words = _NON_TEXT.sub(" ", text)
        letters = len(_LETTER.findall(words))
        is_syllabic = _CJK.search(words) is not None
        if letters < _MIN_LETTERS and not is_syllabic:
            return None
        if not is_syllabic and (rare := rare_language(words)) is not None:
            return rare
        readable = words.encode("utf-8", "replace").decode(
            "utf-8"
        )  # Lingua is compiled and refuses lone surrogates
        detector = self._get_detector()
        found = detector.detect_language_of(readable)
        if found is None:
            return None
        code = found.iso_code_639_1.name.lower()
        if is_syllabic or letters >= _MANY_LETTERS:
            return code
        by_words = language_of_common_words(words, self._common_words, code)
        if by_words is not None:
            return by_words
        is_likely = detector.compute_language_confidence(readable, found) >= _MIN_CONFIDENCE
        return code if is_likely else None

    def _get_detector(self) -> "LanguageDetector":
        with self._lock:
            if self._detector is None:
                self._detector = _build(self._languages)
        return self._detector


def _build(languages: Sequence[str]) -> "LanguageDetector":
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [IsoCode639_1.from_str(code) for code in languages]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()
