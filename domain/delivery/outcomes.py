"""What became of an outward act, and what is to be done next: decisions as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

#: `Failed.code` of an answer to a post that is not there any more, or is hidden from us.
TARGET_GONE = "gone"
#: `Failed.code` of a private message to somebody who lets us not write to them, or is not there.
CLOSED_TO_US = "closed"


@dataclass(frozen=True, slots=True)
class Done:
    """It happened. `result` is what the other side told of it, JSON-ready."""

    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """It surely did not happen and may be tried again: after `wait`, or after our own growing wait where that is `None`.

    `pause_destination` holds back everything else for the same destination as long (a true 429).
    `counts` is false where waiting was nobody's failure, such as for a card that is not posted yet.
    """

    reason: str
    wait: timedelta | None = None
    pause_destination: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """It surely did not happen and never will as it is. `reason` is for a person to read.

    `code` is the platform's own word, for those who look it up. `route_broken` is true where the place itself is gone or closed to us,
    `drawn_wrong` where it is what we made that is at fault.
    """

    reason: str
    code: str = ""
    route_broken: bool = False
    drawn_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened. `answered` is true where the other side answered, but with a failure of its own (5xx)."""

    reason: str
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """The other side was read, and the act is not there."""


Outcome = Done | Later | Failed | Unknown
Finding = Done | Absent | Later | Failed

_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=10)


def growing_wait(tries: int) -> timedelta:
    """How long to wait after the `tries`-th failure: 2 s, doubling, at most 10 min."""
    factor: int = 2 ** min(max(tries - 1, 0), 20)
    return min(_FIRST_WAIT * factor, _LONGEST_WAIT)


def check_wait(checks: int) -> timedelta:
    """How long to wait before the next look at the other side: 3 s, 9 s, 27 s, at most 2 min.

    Networks list a new post seconds late; an early look that finds nothing proves nothing.
    """
    factor: int = 3 ** min(checks, 10)
    return min(timedelta(seconds=3) * factor, timedelta(minutes=2))
