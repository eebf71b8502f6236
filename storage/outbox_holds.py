"""Build the SQL statements by which a pause or a restore holds rows of the outbox, each once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, false, func, literal_column, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from domain.delivery.effect import Safety
from storage.outbox_conditions import HELD, UNSETTLED, is_held, is_in
from storage.outbox_tables import FAILED, QUEUED, SENDING, UNSURE, outbox
from storage.types import UtcDateTime

_o = outbox.c
_of_kinds = _o.kind.in_(bindparam("kinds", expanding=True))

HOLD_QUEUED = (
    update(outbox)
    .where(UNSETTLED, is_in(QUEUED), _of_kinds)
    .values(due_at=bindparam("held_until", HELD, type_=UtcDateTime), note="all sending is paused")
)
HELD_PAYLOADS = select(_o.payload).where(UNSETTLED, is_held())
RELEASE_HELD = (
    update(outbox)
    .where(UNSETTLED, is_held())
    .values(
        due_at=bindparam("now", type_=UtcDateTime),
        waits_since=bindparam("now", type_=UtcDateTime),
        note=None,
    )
)
CANCEL_QUEUED = (
    update(outbox)
    .where(UNSETTLED, is_in(QUEUED), _o.key.in_(bindparam("keys", expanding=True)))
    .values(state=FAILED, settled_at=bindparam("now", type_=UtcDateTime), note=bindparam("reason"))
    .returning(_o.key)
)
_unclaimed = outbox.alias()
#: What somebody claims at this moment is left to them: who waits for it with cases locked would deadlock.
CANCEL_UNCLAIMED = (
    update(outbox)
    .where(
        _o.id.in_(
            select(_unclaimed.c.id)
            .where(
                _unclaimed.c.settled_at.is_(None),
                is_in(QUEUED, _unclaimed.c),
                _unclaimed.c.key.in_(bindparam("keys", expanding=True)),
            )
            .with_for_update(skip_locked=True)
        )
    )
    .values(state=FAILED, settled_at=bindparam("now", type_=UtcDateTime), note=bindparam("reason"))
    .returning(_o.key)
)
#: After a restore: what was queued or being sent may have been sent since the backup.
MARK_ALL_UNSURE = (
    update(outbox)
    .where(
        UNSETTLED,
        or_(is_in(QUEUED), is_in(SENDING)),
        _o.safety == literal_column(f"'{Safety.RECONCILE.value}'"),
    )
    .values(
        state=UNSURE,
        due_at=bindparam("now", type_=UtcDateTime),
        waits_since=bindparam("now", type_=UtcDateTime),
        note="it may have been sent after the backup that was restored",
        claimed_generation=_o.generation,
        first_tried_at=func.coalesce(_o.first_tried_at, _o.created_at),
        lease_until=None,
        owner=None,
        reconciling=false(),
        answered=false(),
        checks=0,
    )
)
BEING_SENT = (
    select(_o.kind, func.count().label("many")).where(UNSETTLED, is_in(SENDING), _of_kinds).group_by(_o.kind)
)


def cancel(
    connection: Connection,
    statement: ReturningUpdate[tuple[str]],
    keys: Collection[str],
    now: datetime,
    reason: str,
) -> frozenset[str]:
    """Execute one of the statements that cancel effects by their keys; return the keys of the cancelled."""
    values = {"keys": list(keys), "now": now, "reason": reason}
    return frozenset(connection.scalars(statement, values)) if keys else frozenset()
