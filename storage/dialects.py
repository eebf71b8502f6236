"""Hide the differences between the databases' SQL: upserts and row locks."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Upsert = postgresql.Insert | sqlite.Insert


def upserts(table: Table) -> dict[str, Upsert]:
    """Return an insert into `table` by dialect name, to be completed with an `on_conflict_…`."""
    return {"sqlite": sqlite.insert(table), "postgresql": postgresql.insert(table)}


def is_sqlite(connection: Connection) -> bool:
    """Return whether the database is SQLite, which has one writer at a time and needs no row locks."""
    return connection.dialect.name == "sqlite"
