"""The generic cell rate algorithm (GCRA, ITU-T I.371): how many acts a destination's pace allows now."""

from datetime import datetime, timedelta

from domain.delivery.pacing import Pace


def allowance(pace: Pace, next_at: datetime | None, now: datetime, most: int) -> int:
    """How many acts may go now, at most `most`. `next_at` is when the one after the last would be on time."""
    if pace.interval <= timedelta():
        return most
    ahead = max(next_at or now, now) - now
    return max(0, min(most, (pace.burst * pace.interval - ahead) // pace.interval + 1))


def advanced(pace: Pace, next_at: datetime | None, now: datetime, taken: int) -> tuple[datetime, datetime]:
    """The theoretical arrival time after `taken` acts, and when the next one may go."""
    following = max(next_at or now, now) + taken * pace.interval
    return following, following - pace.burst * pace.interval
