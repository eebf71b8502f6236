"""Define the outcomes of outward acts and the findings of reconciliation checks; compute retry delays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

#: `Failed.code` of a reply to a post that is deleted or hidden from us.
TARGET_GONE = "gone"
#: `Failed.code` where a network refuses our keys (HTTP 401), or we are out of credit there (402).
REFUSED_CODES = frozenset({"401", "402"})
#: `Failed.code` of a private message to somebody who does not accept messages from us, or does not exist.
RECIPIENT_UNREACHABLE = "closed"


@dataclass(frozen=True, slots=True)
class Done:
    """It happened. `result` is the data that the other side returned, JSON-ready."""

    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """It certainly did not happen and can be retried after `wait`, or after our own backoff if `None`.

    `pause_destination` pauses all jobs for the same destination as long (a real HTTP 429). `counts` is false
    where the attempt must not count towards the maximum, such as when a card is not posted yet.
    """

    reason: str
    wait: timedelta | None = None
    pause_destination: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """It certainly did not happen, and a retry would fail too. `reason` is for a person to read.

    `code` is the platform's own error code. `route_broken` is true where the channel is gone or the bot has
    no access to it, `invalid_content` where the platform rejects the content that we rendered.
    """

    reason: str
    code: str = ""
    route_broken: bool = False
    invalid_content: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened. `responded` is whether the other side responded with its own error (5xx)."""

    reason: str
    responded: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """The other side was checked, and the act was not found.

    `lists_at_once` is whether the other side lists what it accepted without delay, so that several checks
    prove an absence. A public network does not.
    """

    lists_at_once: bool = False


@dataclass(frozen=True, slots=True)
class NotAsked:
    """The other side may not be asked now, and is in `wait`. Does not count as a check."""

    wait: timedelta


Outcome = Done | Later | Failed | Unknown
Finding = Done | Absent | Later | Failed

_FIRST_BACKOFF = timedelta(seconds=2)
_MAX_BACKOFF = timedelta(minutes=10)


def backoff_delay(attempts: int) -> timedelta:
    """Compute the exponential backoff after the `attempts`-th failure: 2 s, doubling, at most 10 min."""
    factor: int = 2 ** min(max(attempts - 1, 0), 20)
    return min(_FIRST_BACKOFF * factor, _MAX_BACKOFF)


def check_delay(checks: int) -> timedelta:
    """Compute the delay before the next check of the other side: 3 s, 9 s, 27 s, at most 2 min.

    Networks list a new post seconds late, so an early check that finds nothing proves nothing.
    """
    factor: int = 3 ** min(checks, 10)
    return min(timedelta(seconds=3) * factor, timedelta(minutes=2))
