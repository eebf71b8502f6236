"""Match pairs of concepts by proximity: "card" and "declined" within a few words, in either order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from domain.triage.phrases import Hit, Label, is_unspaced

MAX_WORDS_APART = 6
MAX_CHARACTERS_APART = 16  # in scripts without spaces
_MAX_APART_IN_ORDER = 2  # tokens
_PARTS = 3  # concept, operator, concept
_EITHER_ORDER = "+"
_IN_ORDER = ">"


@dataclass(frozen=True, slots=True)
class Pair(Generic[Label]):
    """Two concepts and the label of their pair; `in_order` if the second must directly follow the first."""

    one: str
    other: str
    in_order: bool
    label: Label

    @classmethod
    def of(cls, written: str, label: Label) -> "Pair[Label]":
        """Parse "payment + fails" or "without > service"; raises `ValueError` for anything else."""
        parts = written.split()
        if len(parts) != _PARTS or parts[1] not in {_EITHER_ORDER, _IN_ORDER}:
            raise ValueError(f"write two concepts as 'one + other' or 'one > other': {written!r}")
        return cls(parts[0], parts[2], parts[1] == _IN_ORDER, label)

    @property
    def phrase(self) -> str:
        """The pair as written in the file."""
        return f"{self.one} {_IN_ORDER if self.in_order else _EITHER_ORDER} {self.other}"


def find_pairs(
    pairs: Iterable[Pair[Label]], positions: Mapping[str, Sequence[int]], text: Sequence[str]
) -> list[Hit[Label]]:
    """Find the pairs whose concepts are close enough, each at the position of its later half.

    `positions` are the token indexes of each concept in `text`.
    """
    found = []
    for pair in pairs:
        if pair.one in positions and pair.other in positions:
            at = _match_position(pair, positions[pair.one], positions[pair.other], text)
            if at is not None:
                found.append(Hit(pair.label, pair.phrase, at))
    return found


def _match_position(
    pair: Pair[Label], first: Sequence[int], second: Sequence[int], text: Sequence[str]
) -> int | None:
    for one in first:
        for other in second:
            distance = other - one
            if pair.in_order:
                is_near = 0 < distance <= _MAX_APART_IN_ORDER
            else:
                is_near = (
                    0
                    < abs(distance)
                    <= (MAX_CHARACTERS_APART if is_unspaced(text[other]) else MAX_WORDS_APART)
                )
            if is_near:
                return max(one, other)
    return None
