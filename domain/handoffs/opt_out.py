"""Detect opt-out and opt-in requests: private messages that consist of nothing but such a phrase."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.triage.phrases import fold


class OptOutRequest(StrEnum):
    """A request to stop, or to start again, writing to the sender."""

    STOP = "stop"
    START = "start"


@dataclass(frozen=True, slots=True)
class OptOutWords:
    """The opt-out and opt-in phrases, as normalized by `normalize_phrase`."""

    stop: frozenset[str]
    start: frozenset[str]

    @classmethod
    def of(cls, stop: Iterable[str], start: Iterable[str]) -> "OptOutWords":
        """Normalize the phrases. Raises `ValueError` for one without letters, or in both lists."""
        words = cls(frozenset(map(normalize_phrase, stop)), frozenset(map(normalize_phrase, start)))
        if "" in words.stop | words.start:
            raise ValueError("a phrase has no letters")
        if both := sorted(words.stop & words.start):
            raise ValueError(f"{both[0]!r} stands under stop and under start")
        return words

    def request_in(self, text: str) -> OptOutRequest | None:
        """Return the request that the text makes; `None` unless it is nothing but one of the phrases."""
        phrase = normalize_phrase(text)
        if phrase in self.stop:
            return OptOutRequest.STOP
        return OptOutRequest.START if phrase in self.start else None


def normalize_phrase(text: str) -> str:
    """Fold case and accents, collapse whitespace, and strip surrounding punctuation and signs.

    What is no letter, digit or mark of one is a sign in every script, as are emoji.
    """
    folded = " ".join(fold(text).replace("ı", "i").split())  # Turkish, whose capital is that of English "i"
    start, end = 0, len(folded)
    while start < end and not _is_of_word(folded[start]):
        start += 1
    while start < end and not _is_of_word(folded[end - 1]):
        end -= 1
    return folded[start:end]


def _is_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
