"""Pacing: how fast a destination may be used."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a destination may be used: one act per `interval`, with up to `burst` ahead of time."""

    interval: timedelta
    burst: int = 0
