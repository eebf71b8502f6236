"""Who of several copies does what only one of them should do, such as polling."""

from contextlib import suppress
from hashlib import blake2b
from threading import Lock

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

_TRY = text("SELECT pg_try_advisory_lock(:key)")
_UNLOCK = text("SELECT pg_advisory_unlock_all()")
_PING = text("SELECT 1")


class Leadership:
    """PostgreSQL's advisory locks of a session, over one connection that is kept for them.

    Whoever holds a name keeps it until the connection is lost, by a crash or otherwise; then the next who asks has it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._guard = Lock()
        self._connection: Connection | None = None
        self._held: set[str] = set()

    def holds(self, name: str) -> bool:
        """Whether `name` is ours, taking it where nobody holds it."""
        with self._guard:
            try:
                return self._ask(name)
            except DBAPIError:
                self._drop()
                return False

    def release(self) -> None:
        """Give back every name, so that another copy need not wait until the server notices that we are gone."""
        with self._guard, suppress(DBAPIError):
            if self._connection is not None:
                self._connection.execute(_UNLOCK)
        with self._guard:
            self._drop()

    def _ask(self, name: str) -> bool:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if name in self._held:
            self._connection.execute(_PING)
            return True
        if self._connection.scalar(_TRY, {"key": _key(name)}):
            self._held.add(name)
        return name in self._held

    def _drop(self) -> None:
        self._held.clear()
        if self._connection is not None:
            # Not back into the pool: the locks belong to the session and end with it.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
