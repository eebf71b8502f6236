"""Configure PostgreSQL: psycopg 3, a small pool, READ COMMITTED; a transaction begins with the first write.

Each statement of a READ COMMITTED transaction sees a moment of its own, so reads before the first write gain
nothing by a transaction, and lose two round trips to the server.
"""

import re
from typing import Any

from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from storage.errors import StoreError
from storage.late_transactions import take_deferred
from storage.types import dumps

WORKERS = 4
_SPARE = 2  # connections for the leadership, and for queries outside the workers
_CONNECT_TIMEOUT = 10  # seconds
#: A server that is gone without a word, as where its host lost its power, is noticed within half a minute:
#: else each thread waits for its answer for a quarter of an hour, or two hours.
_LIVENESS = {
    "keepalives_idle": 10,  # seconds, as the next
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,  # milliseconds
}
#: After so long in a transaction without a statement the server ends it: the process is frozen, and what it
#: has locked would wait for it.
IDLE_TIMEOUT = 60  # seconds
_ENCODING = "UTF8"
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_LOCKS_ROWS = re.compile(r"\bFOR (?:NO KEY )?UPDATE\b|\bFOR (?:KEY )?SHARE\b")


class _LateBegin(PGDialect_psycopg):
    """Begins a transaction before the first statement that is not a plain read.

    Before any statement it writes what was deferred, see `storage.late_transactions`.
    """

    supports_statement_cache = True

    def initialize(self, connection: Connection) -> None:
        """Read what the server can. Raises `StoreError` where the database takes no text but its own."""
        driver: Any = connection.connection.driver_connection
        encoding = driver.info.parameter_status("server_encoding")
        if encoding != _ENCODING:
            raise StoreError(
                f"The database is in the encoding {encoding}, which cannot hold all that people write: emoji, "
                "letters of other languages. Make an empty one (CREATE DATABASE name ENCODING 'UTF8' TEMPLATE "
                "template0) and set DATABASE_URL to it."
            )
        super().initialize(connection)  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here

    def do_execute(
        self,
        cursor: Any,  # noqa: ANN401 - as SQLAlchemy has it, here and below
        statement: str,
        parameters: Any,  # noqa: ANN401 - SQLAlchemy's signature
        context: Any = None,  # noqa: ANN401 - SQLAlchemy's signature
    ) -> None:
        _prepare(cursor, statement, context)
        super().do_execute(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here

    def do_executemany(
        self,
        cursor: Any,  # noqa: ANN401 - SQLAlchemy's signature
        statement: str,
        parameters: Any,  # noqa: ANN401 - SQLAlchemy's signature
        context: Any = None,  # noqa: ANN401 - SQLAlchemy's signature
    ) -> None:
        _prepare(cursor, statement, context)
        super().do_executemany(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here

    def do_execute_no_params(
        self,
        cursor: Any,  # noqa: ANN401 - SQLAlchemy's signature
        statement: str,
        context: Any = None,  # noqa: ANN401 - SQLAlchemy's signature
    ) -> None:
        _prepare(cursor, statement, context)
        super().do_execute_no_params(cursor, statement, context)  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here


def postgres_engine(url: URL, *, schema: str | None = None) -> Engine:
    """Create an engine with a pooled connection for each worker; its tables are in `schema`, where given."""
    path = f" -c search_path={schema}" if schema is not None else ""
    registry.register("postgresql.late_begin", __name__, _LateBegin.__name__)
    return create_engine(
        url.set(drivername="postgresql+late_begin"),
        json_serializer=dumps,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",  # of the driver, which would begin with the first read
        pool_size=WORKERS,
        max_overflow=_SPARE,
        connect_args={
            "options": f"-c timezone=UTC -c idle_in_transaction_session_timeout={IDLE_TIMEOUT}s{path}",
            "connect_timeout": _CONNECT_TIMEOUT,
            **_LIVENESS,
        },
    )


def has_begun(connection: Connection) -> bool:
    """Whether a transaction has begun: something was written, or locked."""
    driver: Any = connection.connection.driver_connection
    return driver is not None and driver.pgconn.transaction_status != TransactionStatus.IDLE


def _prepare(cursor: Any, statement: str, context: Any) -> None:  # noqa: ANN401 - SQLAlchemy's signature
    options = context.execution_options if context is not None else {}
    if (write := take_deferred(cursor.connection)) is not None:
        write()
    is_idle = cursor.connection.pgconn.transaction_status == TransactionStatus.IDLE
    if is_idle and "alone" not in options and not _is_plain_read(statement, context):
        cursor.connection.execute(_BEGIN, prepare=False)


def _is_plain_read(statement: str, context: Any) -> bool:  # noqa: ANN401 - SQLAlchemy's signature
    """Whether the statement only reads, as far as SQLAlchemy knows it; what is text is not known."""
    compiled = getattr(context, "compiled", None)
    if compiled is None or not getattr(compiled.statement, "is_select", False):
        return False
    options = context.execution_options
    is_streamed = options.get("stream_results", False)  # by a cursor on the server, which needs a transaction
    return not is_streamed and "writes" not in options and not _LOCKS_ROWS.search(statement)
