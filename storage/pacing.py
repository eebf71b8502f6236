"""Limit rates with the generic cell rate algorithm (GCRA, ITU-T I.371)."""

from datetime import datetime, timedelta

from sqlalchemy import case

from domain.delivery.pacing import Pace
from storage.dialects import Upsert, upserts
from storage.outbox_tables import destinations

_d = destinations.c
PACE = {
    name: insert.on_conflict_do_update(
        index_elements=["name"],
        set_={column: insert.excluded[column] for column in ("next_at", "free_at", "paced_at")},
    )
    for name, insert in upserts(destinations).items()
}


def _pause(insert: Upsert) -> Upsert:
    """Upsert a pause; a longer one is kept."""
    requested = insert.excluded.paused_until
    longer = case((_d.paused_until > requested, _d.paused_until), else_=requested)
    return insert.on_conflict_do_update(
        index_elements=["name"], set_={"paused_until": longer, "paced_at": insert.excluded.paced_at}
    )


PAUSE = {name: _pause(insert) for name, insert in upserts(destinations).items()}


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
