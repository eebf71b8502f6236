"""Keep the time of the pretend world, in which hours can be skipped."""

import time
from datetime import UTC, datetime


class WorldClock:
    """The computer's time, `ahead` by the seconds that were skipped; called, it returns the epoch's."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        """Return the seconds since the epoch."""
        return time.time() + self.ahead

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.fromtimestamp(self(), UTC)

    def skip(self, seconds: float) -> None:
        """Go on so many seconds later."""
        self.ahead += seconds
