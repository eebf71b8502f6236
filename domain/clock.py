"""The clock."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one place that is asked for the time."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...
