"""Build the SQL queries of the outbox that change nothing, each once: what is due next, and what waits."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, func, or_, select

from storage.outbox_claim_sql import IN_USE, STREAM_IS_FREE
from storage.outbox_conditions import UNSETTLED, is_in
from storage.outbox_tables import QUEUED, UNSURE, destinations, outbox
from storage.types import UtcDateTime

_o = outbox.c
_d = destinations.c
_now: ColumnElement[Any] = bindparam("now", type_=UtcDateTime)


def _latest(*moments: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the latest of moments that may be NULL; GREATEST and MAX differ between the databases."""
    latest = moments[0]
    for moment in moments[1:]:
        latest = case((or_(moment.is_(None), moment < latest), latest), else_=moment)
    return latest


_free_at = _latest(_now, _d.free_at, _d.paused_until)
_queued_rows = (UNSETTLED, is_in(QUEUED), _o.destination == IN_USE.c.name, STREAM_IS_FREE)
_next_send = case(
    (exists().where(*_queued_rows, _o.due_at <= _free_at).correlate(IN_USE, destinations), _free_at),
    else_=select(func.min(_o.due_at)).where(*_queued_rows).correlate(IN_USE).scalar_subquery(),
)
NEXT_SEND = select(func.min(_next_send, type_=UtcDateTime)).select_from(
    IN_USE.outerjoin(destinations, _d.name == IN_USE.c.name)
)
NEXT_CHECK = (
    select(func.min(_latest(_o.due_at, _d.paused_until), type_=UtcDateTime))
    .select_from(outbox.outerjoin(destinations, _d.name == _o.destination))
    .where(UNSETTLED, is_in(UNSURE), _o.due_at.is_not(None), STREAM_IS_FREE)
)
UNSETTLED_OF = (
    select(_o.stream).distinct().where(UNSETTLED, _o.stream.in_(bindparam("streams", expanding=True)))
)
