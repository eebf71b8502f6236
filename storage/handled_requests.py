"""Store which requests of Slack's were handled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, true

from storage.bulk_insert import insert_rows
from storage.dialects import upserts
from storage.late_transactions import ALONE
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
        return self._add(key, at, {})

    def add_last(self, key: str, at: datetime) -> bool:
        """Store the same as the last statement of a transaction, which needs none if it is the only one."""
        return self._add(key, at, ALONE)

    def _add(self, key: str, at: datetime, options: Mapping[str, Any]) -> bool:
        statement = _ADD[self._connection.dialect.name]
        row = {"key": key, "handled_at": at}
        return insert_rows(self._connection, statement, [row], options) == 1

    def has(self, key: str) -> bool:
        """Return whether a request was handled."""
        return self._connection.execute(_IS_THERE, {"its_key": key}).first() is not None

    def prune(self, *, before: datetime) -> None:
        """Delete those that were handled before this moment."""
        self._connection.execute(_PRUNE, {"before": before})
