"""Limit rates with the generic cell rate algorithm (GCRA, ITU-T I.371)."""

from datetime import datetime, timedelta

from domain.delivery.pacing import Pace


def allowance(pace: Pace, next_at: datetime | None, now: datetime, limit: int) -> int:
    """Return how many sends the pace allows now, at most `limit`.

    `next_at` is the theoretical arrival time (TAT) of the next send; `None` where nothing was sent yet.
    """
    if pace.interval <= timedelta():
        return limit
    ahead = max(next_at or now, now) - now
    return max(0, min(limit, (pace.burst * pace.interval - ahead) // pace.interval + 1))


def advanced(pace: Pace, next_at: datetime | None, now: datetime, count: int) -> tuple[datetime, datetime]:
    """Return the theoretical arrival time after `count` sends, and when the next one may be sent."""
    following = max(next_at or now, now) + count * pace.interval
    return following, following - pace.burst * pace.interval
