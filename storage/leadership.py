"""Elect a leader among several processes, for work that only one may do, such as polling."""

from contextlib import suppress
from hashlib import blake2b
from threading import Lock

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.postgres import ALONE

_TRY_LOCK = text("SELECT pg_try_advisory_lock(:key)").execution_options(**ALONE)
_UNLOCK_ALL = text("SELECT pg_advisory_unlock_all()").execution_options(**ALONE)
_PING = text("SELECT 1").execution_options(**ALONE)


class Leadership:
    """Session-level advisory locks of PostgreSQL, over one connection that is kept open for them.

    The holder of a name keeps it until its connection ends, by a crash or otherwise; then the next process
    that asks gets it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread_lock = Lock()
        self._connection: Connection | None = None
        self._held: set[str] = set()

    def holds(self, name: str) -> bool:
        """Return whether this process holds `name`; acquires it where it is free.

        False where the database fails.
        """
        with self._thread_lock:
            try:
                return self._try_lock(name)
            except DBAPIError:
                self._disconnect()
                return False

    def release(self) -> None:
        """Release all names, so that another process need not wait for the server to detect our end."""
        with self._thread_lock, suppress(DBAPIError):
            if self._connection is not None:
                self._connection.execute(_UNLOCK_ALL)
        with self._thread_lock:
            self._disconnect()

    def _try_lock(self, name: str) -> bool:
        if self._connection is None:
            self._connection = self._engine.connect()
        if name in self._held:
            self._connection.execute(_PING)
            return True
        if self._connection.scalar(_TRY_LOCK, {"key": _key(name)}):
            self._held.add(name)
        return name in self._held

    def _disconnect(self) -> None:
        self._held.clear()
        if self._connection is not None:
            # Not returned to the pool: the locks last as long as the session.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
