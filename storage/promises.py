"""Store what our answers promise."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, literal_column, select, update

from domain.cases.promises import Promise, PromiseState
from storage.bulk_insert import BulkInsert
from storage.figure_conditions import HOLDER
from storage.promise_tables import promises
from storage.tables import cases
from storage.types import AnyRow

_p = promises.c
_INSERT = BulkInsert(promises)
_SAVE = update(promises).where(_p.id == bindparam("promise_id"))
_MARK = _SAVE.where(_p.check_at == bindparam("read_check_at"))
_DELETE = delete(promises).where(_p.message_id == bindparam("its_message"))
_GET = select(promises).where(_p.id == bindparam("promise_id"))
_OF_CASE = select(promises).where(_p.case_id == bindparam("its_case")).order_by(_p.due_at, _p.id)
_OF_MESSAGE = select(promises).where(_p.message_id == bindparam("its_message")).order_by(_p.id)
_TO_CHECK = (
    select(promises)
    .where(_p.check_at <= bindparam("now"))
    .order_by(_p.check_at, _p.id)
    .limit(bindparam("most"))
)
#: A literal, as in the condition of the index.
_IS_OPEN = _p.state == literal_column(f"'{PromiseState.OPEN}'")
_OPEN = select(promises).where(_IS_OPEN).order_by(_p.due_at, _p.id).limit(bindparam("most"))
_OPEN_OF_HOLDER = _OPEN.join(cases, cases.c.id == _p.case_id).where(bindparam("holder") == HOLDER)


class Promises:
    """The promises of all cases; whoever writes one has saved or locked its case in the same transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_many(self, message_id: int, made: Sequence[Promise]) -> list[Promise]:
        """Insert what a message promises, and return it as stored; its `id`s are ignored."""
        if not made:
            return []
        _INSERT.add(self._connection, [_row_of(promise) for promise in made])
        rows = self._connection.execute(_OF_MESSAGE, {"its_message": message_id})
        return [_promise_from(row) for row in rows]

    def get(self, promise_id: int) -> Promise | None:
        """Return a promise; `None` where it is not there (any more)."""
        row = self._connection.execute(_GET, {"promise_id": promise_id}).one_or_none()
        return None if row is None else _promise_from(row)

    def save(self, promise: Promise) -> None:
        """Update a promise; raises `LookupError` where it is not stored."""
        if self._connection.execute(_SAVE, _row_of(promise) | {"promise_id": promise.id}).rowcount != 1:
            raise LookupError(f"there is no promise {promise.id}")

    def mark_checked(self, read: Promise, checked: Promise) -> bool:
        """Update a promise, unless its `check_at` was changed since it was `read`; return whether it was not.

        Whoever settles or moves a promise changes that.
        """
        values = _row_of(checked) | {"promise_id": read.id, "read_check_at": read.check_at}
        return self._connection.execute(_MARK, values).rowcount == 1

    def delete_of_message(self, message_id: int) -> int:
        """Delete what a message of ours promises; return how many promises there were."""
        return self._connection.execute(_DELETE, {"its_message": message_id}).rowcount

    def of_case(self, case_id: int) -> list[Promise]:
        """Return the case's promises, the first that is due first."""
        return [_promise_from(row) for row in self._connection.execute(_OF_CASE, {"its_case": case_id})]

    def to_check(self, now: datetime, *, limit: int) -> list[Promise]:
        """Return the promises whose `check_at` has come, soonest first."""
        rows = self._connection.execute(_TO_CHECK, {"now": now, "most": limit})
        return [_promise_from(row) for row in rows]

    def open(self, *, holder: str | None = None, limit: int) -> list[Promise]:
        """Return the open promises, the first due first; only those of one holder's cases, if given."""
        if holder is None:
            rows = self._connection.execute(_OPEN, {"most": limit})
        else:
            rows = self._connection.execute(_OPEN_OF_HOLDER, {"most": limit, "holder": holder})
        return [_promise_from(row) for row in rows]


def _row_of(promise: Promise) -> dict[str, Any]:
    row = asdict(promise)
    del row["id"]
    return row | {"state": promise.state.value}


def _promise_from(row: AnyRow) -> Promise:
    return Promise(**row._asdict() | {"state": PromiseState(row.state)})
