"""Build the statement that queues effects; one whose key is stored already is ignored or made due again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, false, literal_column, null, or_

from storage.dialects import Upsert, upserts
from storage.outbox_conditions import is_in
from storage.outbox_tables import QUEUED, outbox
from storage.types import AnySelect

_o = outbox.c

# Constants are literals: the statement runs for every effect, and binding them each time costs.
_queued: ColumnElement[Any] = literal_column(f"'{QUEUED}'")
_none: ColumnElement[Any] = literal_column("0")
_one: ColumnElement[Any] = literal_column("1")

#: Columns of a new row besides those of its effect.
INITIAL: dict[str, Any] = {
    "state": _queued,
    "generation": _one,
    "claimed_generation": _none,
    "attempts": _none,
    "checks": _none,
    "reconciling": false(),
    "answered": false(),
}
_RESET_TO_NULL = (
    "waits_since",
    "first_tried_at",
    "send_started_at",
    "lease_until",
    "owner",
    "settled_at",
    "note",
    "result",
)


def _add(insert: Upsert) -> Upsert:
    """Complete an insert to an upsert.

    It queues settled rows that coalesce again, moves queued ones forward, and marks those being sent.
    """
    new = insert.excluded
    settled, queued = _o.settled_at.is_not(None), is_in(QUEUED)
    waiting = or_(settled, queued)
    sooner = case((new.due_at < _o.due_at, new.due_at), else_=_o.due_at)
    higher = case((new.priority > _o.priority, new.priority), else_=_o.priority)
    changes: dict[str, Any] = {
        "generation": case((queued, _o.generation), else_=_o.generation + _one),
        "state": case((settled, _queued), else_=_o.state),
        "due_at": case((settled, new.due_at), (queued, sooner), else_=_o.due_at),
        "created_at": case((settled, new.created_at), else_=_o.created_at),
        "priority": case((settled, new.priority), (queued, higher), else_=_o.priority),
        "attempts": case((settled, _none), else_=_o.attempts),
        "checks": case((settled, _none), else_=_o.checks),
    }
    changes |= {name: case((waiting, new[name]), else_=_o[name]) for name in _FROM_EFFECT}
    changes["lane"] = case((or_(settled, new.lane < _o.lane), new.lane), else_=_o.lane)
    changes |= {name: case((settled, null()), else_=_o[name]) for name in _RESET_TO_NULL}
    return insert.on_conflict_do_update(index_elements=["key"], set_=changes, where=_o.coalesce)


_FROM_EFFECT = ("payload", "destination", "stream")
ADD = {name: _add(insert.values(INITIAL)) for name, insert in upserts(outbox).items()}


def add_selected(columns: Sequence[str], rows: AnySelect) -> Upsert:
    """Return the same for rows of a query, on PostgreSQL; `columns` are those of the query, in its order."""
    return _add(upserts(outbox)["postgresql"].from_select(list(columns), rows))
