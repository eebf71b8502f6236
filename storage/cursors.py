"""Store the read position of each stream."""

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from domain.intake.streams import Cursor, SourceFault
from storage.dialects import is_sqlite, upserts
from storage.tables import cursors
from storage.types import UtcDateTime

_c = cursors.c
_KEY = [column.name for column in cursors.primary_key]
_VALUES = [field.name for field in fields(Cursor) if field.name not in _KEY]
# SQLite ignores FOR UPDATE: BEGIN IMMEDIATE already excludes other writers.
_GET = select(cursors).where(*(_c[name] == bindparam(f"its_{name}") for name in _KEY)).with_for_update()
_OF_ACCOUNT = (
    select(cursors)
    .where(_c.network == bindparam("its_network"), _c.account_id == bindparam("its_account_id"))
    .order_by(_c.stream)
    .with_for_update()
)
# A cursor that another transaction holds is about to be saved by what reads that stream.
_PAUSED_WITH = (
    select(_c.stream)
    .where(
        _c.network == bindparam("its_network"),
        _c.account_id == bindparam("its_account_id"),
        _c.stream != bindparam("its_stream"),
        _c.pause_reason == bindparam("its_reason"),
        _c.paused_at == bindparam("its_pause", type_=UtcDateTime),
    )
    .with_for_update(skip_locked=True)
)
_RESUME = (
    update(cursors)
    .where(
        _c.network == bindparam("its_network"),
        _c.account_id == bindparam("its_account_id"),
        _c.stream.in_(_PAUSED_WITH),
    )
    .values(pause_reason=None, paused_until=None, paused_at=None)
)
_ENSURE = {name: insert.on_conflict_do_nothing() for name, insert in upserts(cursors).items()}
_SAVE = {
    name: insert.on_conflict_do_update(
        index_elements=_KEY, set_={value: insert.excluded[value] for value in _VALUES}
    )
    for name, insert in upserts(cursors).items()
}


class Cursors:
    """The read position, pause and quiet alert of each stream."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, network: str, account_id: str, stream: str) -> Cursor:
        """Return the cursor, locked until this transaction ends.

        A new one where none is stored.
        """
        key = {"network": network, "account_id": account_id, "stream": stream}
        row = self._row(key)
        if row is None and not is_sqlite(self._connection):
            # A missing row cannot be locked, so insert it first.
            self._connection.execute(_ENSURE[self._connection.dialect.name], key)
            row = self._row(key)
        if row is None:
            return Cursor(network=network, account_id=account_id, stream=stream)
        return _cursor_from(row)

    def of_account(self, network: str, account_id: str) -> list[Cursor]:
        """Return the stored cursors of an account, by stream, all locked until this transaction ends."""
        values = {"its_network": network, "its_account_id": account_id}
        return [_cursor_from(dict(row)) for row in self._connection.execute(_OF_ACCOUNT, values).mappings()]

    def resume_others(self, paused: Cursor) -> None:
        """End the pauses of the account's other streams that the same fault paused as this one."""
        values = {
            "its_network": paused.network,
            "its_account_id": paused.account_id,
            "its_stream": paused.stream,
            "its_reason": paused.pause_reason.value if paused.pause_reason else None,
            "its_pause": paused.paused_at,
        }
        self._connection.execute(_RESUME, values)

    def save(self, cursor: Cursor) -> None:
        """Insert or update the cursor."""
        row = asdict(cursor) | {"pause_reason": cursor.pause_reason.value if cursor.pause_reason else None}
        self._connection.execute(_SAVE[self._connection.dialect.name], row)

    def _row(self, key: dict[str, str]) -> dict[str, Any] | None:
        values = {f"its_{name}": value for name, value in key.items()}
        row = self._connection.execute(_GET, values).mappings().one_or_none()
        return None if row is None else dict(row)


def _cursor_from(row: dict[str, Any]) -> Cursor:
    fault = SourceFault(row["pause_reason"]) if row["pause_reason"] else None
    return Cursor(**row | {"pause_reason": fault})
