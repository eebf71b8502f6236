"""Detect opt-out and opt-in requests: private messages that consist of nothing but such a phrase."""

import string
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.triage.phrases import fold

_PUNCTUATION = string.whitespace + string.punctuation + "¡¿«»„“”‘’…。、！？「」・"


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
    """Fold case and accents, collapse whitespace, and strip surrounding punctuation."""
    return " ".join(fold(text).split()).strip(_PUNCTUATION)
