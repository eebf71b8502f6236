"""Insert many rows with one statement, and return their ids in order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from storage.dialects import is_sqlite


class BulkInsert:
    """Inserts rows into one table whose key is `id`."""

    def __init__(self, table: Table) -> None:
        self._plain = insert(table)
        self._returning = self._plain.returning(table.c.id, sort_by_parameter_order=True)
        self._max_id = select(func.coalesce(func.max(table.c.id), 0))

    def add(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert the rows and return their ids.

        SQLite returns ids for one row at a time only. Its transactions are exclusive, so the ids are computed
        as it would assign them, and all rows are inserted with one call.
        """
        if not is_sqlite(connection):
            return list(connection.scalars(self._returning, rows))
        first = int(connection.scalar(self._max_id) or 0) + 1
        ids = list(range(first, first + len(rows)))
        connection.execute(self._plain, [row | {"id": row_id} for row, row_id in zip(rows, ids, strict=True)])
        return ids
