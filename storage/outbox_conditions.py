"""Define conditions on rows of the outbox that its statements share."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, bindparam, literal_column
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from storage.outbox_tables import QUEUED, outbox
from storage.types import UtcDateTime

UNSETTLED = outbox.c.settled_at.is_(None)
#: When rows are due that a pause of all sending holds: never.
HELD = datetime(9999, 1, 1, tzinfo=UTC)


def is_in(state: str, row: ReadOnlyColumnCollection[str, Column[Any]] = outbox.c) -> ColumnElement[bool]:
    """Return the condition on the state, as a literal so that the partial indexes apply."""
    return row.state == literal_column(f"'{state}'")


def is_held(row: ReadOnlyColumnCollection[str, Column[Any]] = outbox.c) -> ColumnElement[bool]:
    """Return the condition that a pause of all sending holds the row."""
    return and_(is_in(QUEUED, row), row.due_at >= bindparam("held_until", HELD, type_=UtcDateTime))
