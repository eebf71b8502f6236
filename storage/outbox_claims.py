"""Taking due rows: who goes first, and how much each destination's pace lets through."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from domain.delivery.effects import Job, effect_from
from domain.delivery.pacing import Pace
from storage import outbox_sql as sql
from storage.dialects import is_sqlite
from storage.pacing import advanced, allowance
from storage.types import AnyRow

Paces = Callable[[str], Pace | None]

# One claim at a time over all copies of the bot, until it is committed: a row's stream and its destination's pace are
# conditions on other rows, which a lock on the row itself does not hold still. ("outb" in ASCII.)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(1869968482)")


def claim(
    connection: Connection, *, now: datetime, lease: timedelta, owner: str, limit: int, paces: Paces
) -> list[Job]:
    """Take up to `limit` due acts and mark them sending. See `domain.ports.Outbox.claim`."""
    if not is_sqlite(connection):
        connection.execute(_ONE_AT_A_TIME)
    asked = {"now": now, "most": limit}
    sendable = connection.execute(sql.SENDABLE, asked).all()
    checkable = connection.execute(sql.CHECKABLE, asked).all()
    next_at = {row.destination: row.next_at for row in sendable}
    left = {name: _allowed(paces(name), next_at[name], now, limit) for name in next_at}
    chosen = _choose(sendable, checkable, left, limit)
    if not chosen:
        return []
    values = {"ids": chosen, "now": now, "until": now + lease, "by": owner}
    taken = sorted(connection.execute(sql.TAKE, values), key=_turn)
    jobs = [job for row in taken if (job := job_or_give_up(connection, row, now)) is not None]
    sent = Counter(job.effect.destination for job in jobs if not job.reconciling)
    _use_up(connection, sent, next_at, paces, now)
    return jobs


def _allowed(pace: Pace | None, next_at: datetime | None, now: datetime, limit: int) -> int:
    return limit if pace is None else allowance(pace, next_at, now, limit)


def _turn(row: AnyRow) -> tuple[int, float, int]:
    return row.lane, -row.priority, row.id


def _choose(
    sendable: Sequence[AnyRow], checkable: Sequence[AnyRow], left: dict[str, int], limit: int
) -> list[int]:
    """The ids to take, in their order; uses up what is `left` for each destination."""
    checks = {row.id for row in checkable}
    chosen: list[int] = []
    for row in sorted((*sendable, *checkable), key=_turn):
        if len(chosen) == limit:
            break
        if row.id not in checks:
            if left[row.destination] == 0:
                continue
            left[row.destination] -= 1
        chosen.append(row.id)
    return chosen


def _use_up(
    connection: Connection,
    sent: Counter[str],
    next_at: dict[str, datetime | None],
    paces: Paces,
    now: datetime,
) -> None:
    moved = []
    for name, many in sent.items():
        pace = paces(name)
        if pace is not None:
            following, free = advanced(pace, next_at[name], now, many)
            moved.append({"name": name, "next_at": following, "free_at": free})
    if moved:
        connection.execute(sql.PACE[connection.dialect.name], moved)


def job_or_give_up(connection: Connection, row: AnyRow, now: datetime) -> Job | None:
    """The row as a job. One that this version cannot read fails, or waits for a person where it may have happened."""
    try:
        effect = effect_from(row.kind, row.payload)
    except (KeyError, TypeError):
        reason = (
            f"This version of the bot cannot perform “{row.kind}”: a newer version put it into the outbox. "
            "Run that version."
        )
        connection.execute(sql.GIVE_UP, {"job_id": row.id, "reason": reason, "now": now})
        return None
    return Job(
        id=row.id,
        effect=effect,
        generation=row.claimed_generation,
        attempts=row.attempts,
        checks=row.checks,
        reconciling=row.reconciling,
        created_at=row.created_at,
        first_tried_at=row.first_tried_at,
        departed_at=row.departed_at,
        note=row.note,
        answered=row.answered,
    )
