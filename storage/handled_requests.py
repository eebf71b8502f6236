"""Store which requests of Slack's were handled."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, true

from storage.dialects import upserts
from storage.slack_tables import handled_requests

_h = handled_requests.c
_ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(handled_requests).items()}
_IS_THERE = select(true()).where(_h.key == bindparam("its_key"))
_PRUNE = delete(handled_requests).where(_h.handled_at < bindparam("before"))


class HandledRequests:
    """The keys of the requests that were handled."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, key: str, at: datetime) -> bool:
        """Store that a request was handled; return whether it was not stored before."""
        statement = _ADD[self._connection.dialect.name]
        return self._connection.execute(statement, {"key": key, "handled_at": at}).rowcount == 1

    def has(self, key: str) -> bool:
        """Return whether a request was handled."""
        return self._connection.execute(_IS_THERE, {"its_key": key}).first() is not None

    def prune(self, *, before: datetime) -> None:
        """Delete those that were handled before this moment."""
        self._connection.execute(_PRUNE, {"before": before})
