"""Open SQLite's second connection, for transactions on the event loop's thread, which must not wait."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from typing import cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from storage.errors import StoreBusy


class InlineConnection:
    """One connection, opened with its first transaction and kept open.

    Taking it from a pool each time costs as much as a statement.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def begun(self) -> Generator[Connection]:
        """Begin a transaction; raises `StoreBusy` where another connection is in one."""
        try:
            transaction = self._connection.begin()
        except OperationalError as error:
            if _is_busy(error):
                raise StoreBusy from None
            raise
        with transaction:
            yield self._connection

    def close(self) -> None:
        """Close the connection."""
        if "_connection" in self.__dict__:
            self._connection.close()
        self._engine.dispose()

    @cached_property
    def _connection(self) -> Connection:
        return self._engine.connect()


def _is_busy(error: OperationalError) -> bool:
    return cast("sqlite3.Error", error.orig).sqlite_errorcode == sqlite3.SQLITE_BUSY
