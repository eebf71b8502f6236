"""Configure SQLite: one connection, one writer, write-ahead log."""

import sqlite3
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import QueuePool, StaticPool

from storage.types import dumps

_ON_CONNECT = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    # Redacted text must not survive in free pages.
    "PRAGMA secure_delete=FAST",
)
#: Pragmas of the connection that waits for other transactions, and that checkpoints the log.
_WAITING = ("PRAGMA busy_timeout=5000", "PRAGMA wal_autocheckpoint=4000")
_NOT_WAITING = ("PRAGMA busy_timeout=0", "PRAGMA wal_autocheckpoint=0")


def file_of(url: URL) -> Path | None:
    """Return the database's file; `None` for one in memory."""
    return None if url.database in (None, "", ":memory:") else Path(str(url.database)).absolute()


class _Immediate(SQLiteDialect_pysqlite):
    """Begins transactions with BEGIN IMMEDIATE.

    An event listener on "begin" would do too, but makes every statement look for listeners.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        dbapi_connection.cursor().execute("BEGIN IMMEDIATE")


def sqlite_engine(url: URL, *, at_once: bool = False) -> Engine:
    """Create an engine with a single connection whose transactions begin IMMEDIATE: no lost updates.

    SQLAlchemy begins the transactions: the driver (`isolation_level`) would begin only with the first write.
    With `at_once` nothing waits: beginning beside another transaction raises `OperationalError`.
    """
    registry.register("sqlite.immediate", __name__, _Immediate.__name__)
    engine = create_engine(
        url.set(drivername="sqlite+immediate"),
        json_serializer=dumps,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
        **_pool(file_of(url)),
    )
    event.listen(
        engine, "connect", partial(_prepare, pragmas=_ON_CONNECT + (_NOT_WAITING if at_once else _WAITING))
    )
    return engine


def set_synchronous(connection: Connection, level: str) -> None:
    """Set the durability of commits, FULL or NORMAL. Only outside a transaction: SQLite ignores it inside."""
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA synchronous={level}")


def _pool(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {"poolclass": StaticPool}
    return {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}


def _prepare(connection: sqlite3.Connection, _record: object, *, pragmas: Sequence[str]) -> None:
    for pragma in pragmas:
        connection.execute(pragma)
