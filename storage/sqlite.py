"""Configure SQLite: one writer, write-ahead log, and readers beside it."""

import sqlite3
import time
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
    # Redacted text must not survive in free pages. FAST leaves it in pages that become free as a whole: those
    # of long texts and files.
    "PRAGMA secure_delete=ON",
)
#: Pragmas of the connection that waits for other transactions, and that checkpoints the log.
_WAITING = ("PRAGMA busy_timeout=5000", "PRAGMA wal_autocheckpoint=4000")
_NOT_WAITING = ("PRAGMA busy_timeout=0", "PRAGMA wal_autocheckpoint=0")
#: How the log is emptied: each try is as short as a usual write, and waits for readers no longer.
_LOG_TRIES, _LOG_TRY_MS, _BETWEEN_LOG_TRIES = 20, 100, 0.15
#: Pragmas of a connection that only reads: a statement that writes is an error.
_READING = ("PRAGMA busy_timeout=5000", "PRAGMA query_only=ON")


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


class _Reading(SQLiteDialect_pysqlite):
    """Begins transactions with BEGIN: all that they read is of one moment, and they hinder no writer."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        dbapi_connection.cursor().execute("BEGIN")


def sqlite_engine(url: URL, *, at_once: bool = False) -> Engine:
    """Create an engine with a single connection whose transactions begin IMMEDIATE: no lost updates.

    SQLAlchemy begins the transactions: the driver (`isolation_level`) would begin only with the first write.
    With `at_once` nothing waits: beginning beside another transaction raises `OperationalError`.
    """
    return _engine(url, _Immediate, _ON_CONNECT + (_NOT_WAITING if at_once else _WAITING))


def sqlite_reading_engine(url: URL) -> Engine:
    """Create an engine with a single connection that reads the file beside the one that writes it."""
    return _engine(url, _Reading, _READING)


def _engine(url: URL, dialect: type[SQLiteDialect_pysqlite], pragmas: Sequence[str]) -> Engine:
    name = dialect.__name__.lower().strip("_")
    registry.register(f"sqlite.{name}", __name__, dialect.__name__)
    engine = create_engine(
        url.set(drivername=f"sqlite+{name}"),
        json_serializer=dumps,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
        **_pool(file_of(url)),
    )
    event.listen(engine, "connect", partial(_prepare, pragmas=pragmas))
    return engine


def set_synchronous(connection: Connection, level: str) -> None:
    """Set the durability of commits, FULL or NORMAL. Only outside a transaction: SQLite ignores it inside."""
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA synchronous={level}")


def empty_log(connection: Connection) -> bool:
    """Write the write-ahead log, which has what was deleted, into the file and empty it.

    Returns whether that was done: not while somebody else reads or writes for seconds. Only outside a
    transaction. Tried for a moment each time: what waits for a reader keeps all others from writing.
    """
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA busy_timeout={_LOG_TRY_MS}")
    try:
        for _ in range(_LOG_TRIES):
            [(is_busy, _, _)] = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            if not is_busy:
                return True
            time.sleep(_BETWEEN_LOG_TRIES)
    finally:
        raw.execute(_WAITING[0])
    return False


def _pool(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {"poolclass": StaticPool}
    return {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}


def _prepare(connection: sqlite3.Connection, _record: object, *, pragmas: Sequence[str]) -> None:
    for pragma in pragmas:
        connection.execute(pragma)
