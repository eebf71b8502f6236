"""Claim due rows of the outbox: which are sent first, and how many each destination's pace allows."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from domain.delivery.effects import Job, effect_from
from domain.delivery.pacing import Pace
from storage import outbox_claim_sql as sql
from storage.dialects import is_sqlite
from storage.outbox_settle_sql import GIVE_UP
from storage.pacing import PACE, advanced, allowance
from storage.types import AnyRow

#: Looks up the rate limit of a destination; `None` where it has none.
Paces = Callable[[str], Pace | None]

# Serialises claims over all processes until the commit: stream order and pace are conditions on other rows,
# which row locks do not cover. ("outb" in ASCII.)
_CLAIM_LOCK = text("SELECT pg_advisory_xact_lock(1869968482)")


def claim(
    connection: Connection, *, now: datetime, lease: timedelta, owner: str, limit: int, paces: Paces
) -> list[Job]:
    """Claim up to `limit` due rows and mark them *sending*; see `storage.outbox.Outbox.claim`."""
    lock_claims(connection)
    query = {"now": now, "most": limit}
    sendable = connection.execute(sql.SENDABLE, query).all()
    checkable = connection.execute(sql.CHECKABLE, query).all()
    next_at = {row.destination: row.next_at for row in sendable}
    allowance_left = {name: _allowed(paces(name), next_at[name], now, limit) for name in next_at}
    chosen = _select_ids(sendable, checkable, allowance_left, limit)
    if not chosen:
        return []
    values = {"ids": chosen, "now": now, "until": now + lease, "by": owner}
    claimed = sorted(connection.execute(sql.CLAIM, values), key=_claim_order)
    jobs = [job for row in claimed if (job := job_or_give_up(connection, row, now)) is not None]
    sent = Counter(job.effect.destination for job in jobs if not job.reconciling)
    _advance_paces(connection, sent, next_at, paces, now)
    return jobs


def lock_claims(connection: Connection) -> None:
    """Let nobody else claim, or change paces, until the commit."""
    if not is_sqlite(connection):
        connection.execute(_CLAIM_LOCK)


def _allowed(pace: Pace | None, next_at: datetime | None, now: datetime, limit: int) -> int:
    return limit if pace is None else allowance(pace, next_at, now, limit)


def _claim_order(row: AnyRow) -> tuple[int, float, int]:
    return row.lane, -row.priority, row.id


def _select_ids(
    sendable: Sequence[AnyRow], checkable: Sequence[AnyRow], allowance_left: dict[str, int], limit: int
) -> list[int]:
    """Return the ids to claim, in order; decrements `allowance_left` of each destination."""
    checks = {row.id for row in checkable}
    chosen: list[int] = []
    for row in sorted((*sendable, *checkable), key=_claim_order):
        if len(chosen) == limit:
            break
        if row.id not in checks:
            if allowance_left[row.destination] == 0:
                continue
            allowance_left[row.destination] -= 1
        chosen.append(row.id)
    return chosen


def _advance_paces(
    connection: Connection,
    sent: Counter[str],
    next_at: dict[str, datetime | None],
    paces: Paces,
    now: datetime,
) -> None:
    rows = []
    for name, count in sent.items():
        pace = paces(name)
        if pace is not None:
            following, free = advanced(pace, next_at[name], now, count)
            rows.append({"name": name, "next_at": following, "free_at": free, "paced_at": now})
    if rows:
        connection.execute(PACE[connection.dialect.name], rows)


def job_or_give_up(connection: Connection, row: AnyRow, now: datetime) -> Job | None:
    """Convert a row to a job; `None` for an effect that this version does not know.

    Such a row fails, or is left to a person where it may have been performed.
    """
    try:
        effect = effect_from(row.kind, row.payload)
    except (KeyError, TypeError):
        reason = (
            f"This version of the bot cannot perform “{row.kind}”: a newer version put it into the outbox. "
            "Run that version."
        )
        connection.execute(GIVE_UP, {"job_id": row.id, "reason": reason, "now": now})
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
        send_started_at=row.send_started_at,
        note=row.note,
        responded=row.answered,
    )
