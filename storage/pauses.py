"""Store pauses of all sending."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from domain.delivery.pause import Pause
from storage.dialects import upserts
from storage.outage_tables import pauses
from storage.types import AnyRow, UtcDateTime

_p = pauses.c
_IN_FORCE = _p.in_force == 1
_CURRENT = select(pauses).where(_IN_FORCE)
_DURING = (
    select(pauses)
    .where(
        _p.paused_at <= bindparam("until", type_=UtcDateTime),
        _p.resumed_at.is_(None) | (_p.resumed_at >= bindparam("since", type_=UtcDateTime)),
    )
    .order_by(_p.id)
)
_START = {name: insert.on_conflict_do_nothing().returning(pauses) for name, insert in upserts(pauses).items()}
_WIDEN = update(pauses).where(_IN_FORCE).values(holds_answers=True).returning(pauses)
_END = (
    update(pauses)
    .where(_IN_FORCE)
    .values(in_force=None, resumed_by=bindparam("by"), resumed_at=bindparam("at"))
    .returning(pauses)
)


class Pauses:
    """The pauses of all sending; at most one is in force."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self) -> Pause | None:
        """Return the pause in force."""
        row = self._connection.execute(_CURRENT).one_or_none()
        return None if row is None else _pause_from(row)

    def during(self, since: datetime, until: datetime) -> list[Pause]:
        """Return the pauses that were in force at any moment between these two, oldest first."""
        rows = self._connection.execute(_DURING, {"since": since, "until": until})
        return [_pause_from(row) for row in rows]

    def start(self, *, by: str, at: datetime, holds_answers: bool) -> Pause | None:
        """Start a pause; `None` where one is in force already."""
        row = {"in_force": 1, "paused_by": by, "paused_at": at, "holds_answers": holds_answers}
        started = self._connection.execute(_START[self._connection.dialect.name], row).one_or_none()
        return None if started is None else _pause_from(started)

    def widen(self) -> Pause | None:
        """Have the pause in force hold the answers of agents too; `None` where there is none."""
        row = self._connection.execute(_WIDEN).one_or_none()
        return None if row is None else _pause_from(row)

    def end(self, *, by: str, at: datetime) -> Pause | None:
        """End the pause in force and return it; `None` where there is none."""
        row = self._connection.execute(_END, {"by": by, "at": at}).one_or_none()
        return None if row is None else _pause_from(row)


def _pause_from(row: AnyRow) -> Pause:
    return Pause(
        id=row.id,
        paused_by=row.paused_by,
        paused_at=row.paused_at,
        holds_answers=row.holds_answers,
        resumed_by=row.resumed_by,
        resumed_at=row.resumed_at,
    )
