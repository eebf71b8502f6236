"""Insert many rows with one call, and return their ids in order."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Integer, Table, bindparam, func, insert, select

from storage.dialects import is_sqlite

Rows = Sequence[dict[str, Any]]


class BulkInsert:
    """Inserts rows into one table whose key is `id`."""

    def __init__(self, table: Table) -> None:
        self._plain = insert(table)
        self._returning = self._plain.returning(table.c.id)
        self._max_id = select(func.coalesce(func.max(table.c.id), 0))
        sequence = func.pg_get_serial_sequence(table.name, table.c.id.name)
        self._next_ids = select(func.nextval(sequence)).select_from(
            func.generate_series(1, bindparam("count", type_=Integer))
        )

    def add(self, connection: Connection, rows: Rows) -> list[int]:
        """Insert the rows and return their ids, in order.

        The ids of several rows are known before: an insert of many rows that returns ids takes PostgreSQL
        four times as long, and SQLite one call for each row.
        """
        if len(rows) == 1 and not is_sqlite(connection):
            return [connection.execute(self._returning, rows[0]).scalar_one()]
        ids = self._reserve_ids(connection, len(rows))
        insert_rows(connection, self._plain, [row | {"id": i} for row, i in zip(rows, ids, strict=True)])
        return ids

    def _reserve_ids(self, connection: Connection, count: int) -> list[int]:
        """Return ids for new rows; those that SQLite would assign, as its transactions are exclusive."""
        if not is_sqlite(connection):
            return list(connection.scalars(self._next_ids, {"count": count}))
        first = int(connection.scalar(self._max_id) or 0) + 1
        return list(range(first, first + count))


def insert_rows(
    connection: Connection, statement: Insert, rows: Rows, options: Mapping[str, Any] | None = None
) -> int:
    """Insert rows, which all have the same columns, in one call; return how many were written.

    On SQLite their values are converted here: SQLAlchemy needs as long for that as SQLite for the insert.
    """
    if not is_sqlite(connection):
        # SQLAlchemy does not keep the count of an insert otherwise.
        counting = {"preserve_rowcount": True, **(options or {})}
        return connection.execute(statement, rows, execution_options=counting).rowcount
    sql, values_of = _compiled(statement, tuple(rows[0]), connection.dialect)
    return connection.exec_driver_sql(sql, [values_of(row) for row in rows]).rowcount


@lru_cache(64)
def _compiled(
    statement: Insert, columns: tuple[str, ...], dialect: Dialect
) -> tuple[str, Callable[[dict[str, Any]], tuple[Any, ...]]]:
    """Return the SQL, and a function that converts a row to the values of its placeholders."""
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    names = compiled.positiontup or []
    constants = {name: bind.effective_value for name, bind in compiled.binds.items() if name not in columns}
    converters = [
        (at, convert)
        for at, name in enumerate(names)
        if (convert := compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
    ]

    def values_of(row: dict[str, Any]) -> tuple[Any, ...]:
        row = row | constants if constants else row
        values = [row[name] for name in names]
        for at, convert in converters:
            if values[at] is not None:
                values[at] = convert(values[at])
        return tuple(values)

    return str(compiled), values_of
