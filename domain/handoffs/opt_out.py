"""Whether a private message says, and says nothing else, that its sender does not want to be written to, or does again."""

import string
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.triage.phrases import fold

_AROUND = string.whitespace + string.punctuation + "¡¿«»„“”‘’…。、！？「」・"


class OptOutRequest(StrEnum):
    """What somebody wishes: to be written to no more, or again."""

    STOP = "stop"
    START = "start"


@dataclass(frozen=True, slots=True)
class OptOutWords:
    """The phrases that say so, as `plain` leaves them."""

    stop: frozenset[str]
    start: frozenset[str]

    @classmethod
    def of(cls, stop: Iterable[str], start: Iterable[str]) -> "OptOutWords":
        """The phrases as people wrote them down. Raises ValueError for one that says both, or nothing."""
        words = cls(frozenset(map(plain, stop)), frozenset(map(plain, start)))
        if "" in words.stop | words.start:
            raise ValueError("a phrase has no letters")
        if both := sorted(words.stop & words.start):
            raise ValueError(f"{both[0]!r} stands under stop and under start")
        return words

    def wish(self, text: str) -> OptOutRequest | None:
        """What the text wishes, where it is nothing but one of the phrases."""
        said = plain(text)
        if said in self.stop:
            return OptOutRequest.STOP
        return OptOutRequest.START if said in self.start else None


def plain(text: str) -> str:
    """The text without case, accents, and signs around it."""
    return " ".join(fold(text).split()).strip(_AROUND)
