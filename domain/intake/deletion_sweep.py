"""Spread the daily look-ups of stored posts evenly over the hours of the day."""

import math
from datetime import datetime

from domain.intake.streams import Cursor

HOURS_PER_DAY = 24
MIN_BATCH_SIZE = 1_000  # posts


def batch_size(posts_left: int, now: datetime) -> int:
    """Return how many posts to look up in this hour's run.

    That is an equal part of what is left for each remaining hour of the day (UTC), but at least
    `MIN_BATCH_SIZE`.
    """
    return max(math.ceil(posts_left / (HOURS_PER_DAY - now.hour)), MIN_BATCH_SIZE)


def last_id_of_today(cursor: Cursor, now: datetime) -> int:
    """Return the id of the last message that was looked up today (UTC); 0 where none was."""
    is_today = cursor.read_at is not None and cursor.read_at.date() == now.date()
    return int(cursor.since_id or 0) if is_today else 0
