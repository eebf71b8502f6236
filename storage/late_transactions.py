"""Say of a statement how it takes part in a transaction that begins late, as on PostgreSQL, and defer writes.

Without the driver: a bot on SQLite need not import psycopg.
"""

from collections.abc import Callable
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

#: Option of a statement that begins no transaction: it is one by itself, or needs none.
ALONE = {"alone": True}
#: Option of a SELECT that is not only a read.
WRITES = {"writes": True}
#: What is to be written before the next statement, by the driver's connection.
_deferred: WeakKeyDictionary[object, Callable[[], None]] = WeakKeyDictionary()


def defer(connection: Connection, write: Callable[[], None]) -> Callable[[], None]:
    """Call `write` before the next statement of this connection; returns a function that cancels that."""
    driver_connection = connection.connection.driver_connection
    _deferred[driver_connection] = write

    def cancel() -> None:
        take_deferred(driver_connection)

    return cancel


def take_deferred(driver_connection: object) -> Callable[[], None] | None:
    """Return what is to be written before the next statement, and forget it."""
    return _deferred.pop(driver_connection, None)
