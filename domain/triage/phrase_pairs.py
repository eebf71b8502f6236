"""What two notions tell when they stand together: "card" and "declined" within a few words, in either order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from domain.triage.phrases import Hit, Label, is_unspaced

REACH = 6  # words
CHARACTER_REACH = 16
_RIGHT_AFTER = 2
_PARTS = 3  # a notion, a sign, a notion
_EITHER_ORDER = "+"
_IN_ORDER = ">"


@dataclass(frozen=True, slots=True)
class Pair(Generic[Label]):
    """Two notions and what they tell; `in_order` where the second has to stand right after the first."""

    one: str
    other: str
    in_order: bool
    label: Label

    @classmethod
    def of(cls, written: str, label: Label) -> "Pair[Label]":
        """Read "payment + fails" or "without > service"; ValueError when it is neither."""
        parts = written.split()
        if len(parts) != _PARTS or parts[1] not in {_EITHER_ORDER, _IN_ORDER}:
            raise ValueError(f"write two notions as 'one + other' or 'one > other': {written!r}")
        return cls(parts[0], parts[2], parts[1] == _IN_ORDER, label)

    @property
    def phrase(self) -> str:
        """As it is written in the file."""
        return f"{self.one} {_IN_ORDER if self.in_order else _EITHER_ORDER} {self.other}"


def together(
    pairs: Iterable[Pair[Label]], places: Mapping[str, Sequence[int]], text: Sequence[str]
) -> list[Hit[Label]]:
    """The pairs whose notions stand near enough, each where its later half stands. `places` are token numbers by notion."""
    found = []
    for pair in pairs:
        if pair.one in places and pair.other in places:
            at = _meeting(pair, places[pair.one], places[pair.other], text)
            if at is not None:
                found.append(Hit(pair.label, pair.phrase, at))
    return found


def _meeting(
    pair: Pair[Label], ones: Sequence[int], others: Sequence[int], text: Sequence[str]
) -> int | None:
    for one in ones:
        for other in others:
            apart = other - one
            if pair.in_order:
                near = 0 < apart <= _RIGHT_AFTER
            else:
                near = 0 < abs(apart) <= (CHARACTER_REACH if is_unspaced(text[other]) else REACH)
            if near:
                return max(one, other)
    return None
