"""Define pacing: client-side rate limits per destination."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """The rate limit of a destination: one act per `interval`, with up to `burst` ahead of schedule."""

    interval: timedelta
    burst: int = 0
