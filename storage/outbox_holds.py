"""Build the SQL statements by which a pause of all sending holds rows of the outbox, each once."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select, update

from storage.outbox_conditions import UNSETTLED, is_in
from storage.tables import QUEUED, SENDING, outbox
from storage.types import UtcDateTime

_o = outbox.c
_of_kinds = _o.kind.in_(bindparam("kinds", expanding=True))

#: When held rows are due: never.
HELD = datetime(9999, 1, 1, tzinfo=UTC)
_held_until = bindparam("held_until", HELD, type_=UtcDateTime)

HOLD_QUEUED = (
    update(outbox)
    .where(UNSETTLED, is_in(QUEUED), _of_kinds)
    .values(due_at=_held_until, note="all sending is paused")
)
HELD_PAYLOADS = select(_o.payload).where(UNSETTLED, is_in(QUEUED), _o.due_at >= _held_until)
RELEASE_HELD = (
    update(outbox)
    .where(UNSETTLED, is_in(QUEUED), _o.due_at >= _held_until)
    .values(due_at=bindparam("now", type_=UtcDateTime), note=None)
)
BEING_SENT = (
    select(_o.kind, func.count().label("many")).where(UNSETTLED, is_in(SENDING), _of_kinds).group_by(_o.kind)
)
