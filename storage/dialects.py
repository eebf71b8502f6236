"""The two places where the databases' SQL differs: the upsert and the row lock."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Upsert = postgresql.Insert | sqlite.Insert


def upserts(table: Table) -> dict[str, Upsert]:
    """An insert into `table` for each database, by dialect name, to be given an `on_conflict_…`."""
    return {"sqlite": sqlite.insert(table), "postgresql": postgresql.insert(table)}


def is_sqlite(connection: Connection) -> bool:
    """Whether one writer at a time is all there is, so that no row needs a lock."""
    return connection.dialect.name == "sqlite"
