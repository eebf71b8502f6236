"""Define the clock: the only source of the current time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Return the current time; injected, so that tests can set it."""

    def now(self) -> datetime:
        """Return the current time, timezone-aware, in UTC."""
        ...
