"""Storing many rows at once and learning their ids, in order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from storage.dialects import is_sqlite


class Adder:
    """Adds rows to one table whose key is `id`."""

    def __init__(self, table: Table) -> None:
        self._plain = insert(table)
        self._returning = self._plain.returning(table.c.id, sort_by_parameter_order=True)
        self._newest = select(func.coalesce(func.max(table.c.id), 0))

    def add(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Store the rows and return their ids.

        SQLite gives ids back one row at a time only. Its transactions are alone, though, so we can number the rows as it
        would have done, and store them all with one call.
        """
        if not is_sqlite(connection):
            return list(connection.scalars(self._returning, rows))
        first = int(connection.scalar(self._newest) or 0) + 1
        ids = list(range(first, first + len(rows)))
        connection.execute(self._plain, [row | {"id": row_id} for row, row_id in zip(rows, ids, strict=True)])
        return ids
