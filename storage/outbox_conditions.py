"""Define conditions on rows of the outbox that its statements share."""

from typing import Any

from sqlalchemy import Column, ColumnElement, literal_column
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from storage.outbox_tables import outbox

UNSETTLED = outbox.c.settled_at.is_(None)


def is_in(state: str, row: ReadOnlyColumnCollection[str, Column[Any]] = outbox.c) -> ColumnElement[bool]:
    """Return the condition on the state, as a literal so that the partial indexes apply."""
    return row.state == literal_column(f"'{state}'")
