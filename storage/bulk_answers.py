"""Store answers to many linked customers at once, one row for each customer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, true, update

from domain.cases.messages import Delivery
from domain.outages.bulk_answers import BulkAnswer, BulkPurpose, BulkRow, BulkState, RowState, SkipReason
from storage.bulk_insert import BulkInsert
from storage.dialects import upserts
from storage.outage_tables import bulk_answer_rows, bulk_answers
from storage.tables import messages
from storage.types import AnyRow, UtcDateTime

_b = bulk_answers.c
_r = bulk_answer_rows.c
_ADD = {
    name: insert.on_conflict_do_nothing().returning(_b.id) for name, insert in upserts(bulk_answers).items()
}
_ADD_ROWS = BulkInsert(bulk_answer_rows)
_GET = select(bulk_answers).where(_b.id == bindparam("bulk_id"))
_LOCK = select(_b.id).where(_b.id == bindparam("bulk_id")).with_for_update()
_OF_OUTAGE = select(bulk_answers).where(_b.outage_id == bindparam("outage_id")).order_by(_b.id)
_RUNNING = select(bulk_answers).where(_b.state == BulkState.RUNNING.value).order_by(_b.id)
_GET_ROW = select(bulk_answer_rows).where(_r.id == bindparam("row_id"))
_ROWS = (
    select(bulk_answer_rows)
    .where(_r.bulk_id == bindparam("bulk_id"))
    .order_by(_r.id)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_HAS_WAITING = (
    select(true()).where(_r.bulk_id == bindparam("bulk_id"), _r.state == RowState.WAITING.value).limit(1)
)
_PROGRESS = (
    select(_r.state, messages.c.delivery, func.count().label("many"))
    .select_from(bulk_answer_rows.outerjoin(messages, messages.c.id == _r.message_id))
    .where(_r.bulk_id == bindparam("bulk_id"))
    .group_by(_r.state, messages.c.delivery)
)
_SKIP_WAITING = (
    update(bulk_answer_rows)
    .where(_r.bulk_id == bindparam("its_bulk"), _r.state == RowState.WAITING.value)
    .values(state=RowState.SKIPPED.value, reason=bindparam("why"))
    .returning(_r.id)
)
#: Answers of a bulk answer that wait to be sent, and surely did not arrive.
_CERTAIN = and_(
    _r.state == RowState.QUEUED.value,
    messages.c.delivery == Delivery.QUEUED.value,
    messages.c.error.is_(None),
)
_STOPPABLE_CASES = (
    select(_r.case_id)
    .outerjoin(messages, messages.c.id == _r.message_id)
    .where(_r.bulk_id == bindparam("bulk_id"), or_(_r.state == RowState.WAITING.value, _CERTAIN))
    .order_by(_r.id)
    .limit(bindparam("most"))
)
_TAKEN_BACK_LATER = (
    select(func.count())
    .select_from(bulk_answer_rows.join(messages, messages.c.id == _r.message_id))
    .where(_r.bulk_id == bindparam("bulk_id"), _CERTAIN)
)
_WAITING = (
    select(_r.id, _r.message_id, messages.c.case_id)
    .join(messages, messages.c.id == _r.message_id)
    .where(_r.bulk_id == bindparam("bulk_id"), _r.id > bindparam("after"), _CERTAIN)
    .order_by(_r.id)
    .limit(bindparam("most"))
)
_STOPPING = (
    select(bulk_answers)
    .where(
        _b.state == BulkState.ABORTED.value,
        _b.ended_at >= bindparam("since", type_=UtcDateTime),
        exists().where(_r.bulk_id == _b.id, messages.c.id == _r.message_id, _CERTAIN),
    )
    .order_by(_b.id)
)
_SAVE_ROW = update(bulk_answer_rows).where(_r.id == bindparam("row_id"))
_END = (
    update(bulk_answers)
    .where(
        _b.id == bindparam("its_bulk"),
        _b.state != BulkState.ABORTED.value,
        _b.state != bindparam("its_state"),
    )
    .values(state=bindparam("its_state"), ended_at=bindparam("at"), aborted_by=bindparam("by"))
)


class WaitingAnswer(NamedTuple):
    """An answer of a bulk answer: its row, its message, and the case of that."""

    row_id: int
    message_id: int
    case_id: int


class BulkAnswers:
    """The bulk answers of outages."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, bulk: BulkAnswer, *, client_key: str) -> BulkAnswer | None:
        """Insert a bulk answer; `None` where one was started by the same form."""
        values = {
            "outage_id": bulk.outage_id,
            "purpose": bulk.purpose.value,
            "state": bulk.state.value,
            "started_by": bulk.started_by,
            "started_at": bulk.started_at,
            "client_key": client_key,
        }
        bulk_id = self._connection.scalar(_ADD[self._connection.dialect.name], values)
        return None if bulk_id is None else replace(bulk, id=bulk_id)

    def add_rows(self, rows: Sequence[BulkRow]) -> list[BulkRow]:
        """Insert rows (their `id` is ignored); return them with ids."""
        if not rows:
            return []
        ids = _ADD_ROWS.add(self._connection, [_values_of(row) for row in rows])
        return [replace(row, id=row_id) for row, row_id in zip(rows, ids, strict=True)]

    def get(self, bulk_id: int) -> BulkAnswer:
        """Return the bulk answer; raises `LookupError`."""
        row = self._connection.execute(_GET, {"bulk_id": bulk_id}).one_or_none()
        if row is None:
            raise LookupError(f"there is no bulk answer {bulk_id}")
        return _bulk_from(row)

    def lock(self, bulk_id: int) -> None:
        """Lock a bulk answer with its rows against other writers until this transaction ends."""
        self._connection.execute(_LOCK, {"bulk_id": bulk_id})

    def of_outage(self, outage_id: int) -> list[BulkAnswer]:
        """Return the outage's bulk answers, oldest first."""
        return [_bulk_from(row) for row in self._connection.execute(_OF_OUTAGE, {"outage_id": outage_id})]

    def running(self) -> list[BulkAnswer]:
        """Return all bulk answers that are running."""
        return [_bulk_from(row) for row in self._connection.execute(_RUNNING)]

    def get_row(self, row_id: int) -> BulkRow:
        """Return a customer's row; raises `LookupError`."""
        row = self._connection.execute(_GET_ROW, {"row_id": row_id}).one_or_none()
        if row is None:
            raise LookupError(f"there is no row {row_id} of a bulk answer")
        return _row_from(row)

    def rows(self, bulk_id: int, *, limit: int, offset: int = 0) -> list[BulkRow]:
        """Return rows of a bulk answer, in the order in which they are sent."""
        values = {"bulk_id": bulk_id, "most": limit, "skipped": offset}
        return [_row_from(row) for row in self._connection.execute(_ROWS, values)]

    def has_waiting(self, bulk_id: int) -> bool:
        """Return whether any customer is still to be answered."""
        return self._connection.scalar(_HAS_WAITING, {"bulk_id": bulk_id}) is not None

    def stoppable_cases(self, bulk_id: int, *, limit: int) -> list[int]:
        """Return the cases of the first rows that are to be answered, or whose answer waits to be sent."""
        return list(self._connection.scalars(_STOPPABLE_CASES, {"bulk_id": bulk_id, "most": limit}))

    def taken_back_later(self, bulk_id: int) -> int:
        """Count the answers that wait to be sent and surely did not arrive."""
        return int(self._connection.scalar(_TAKEN_BACK_LATER, {"bulk_id": bulk_id}) or 0)

    def waiting(self, bulk_id: int, *, after: int, limit: int) -> list[WaitingAnswer]:
        """Return answers that wait to be sent and surely did not arrive, of the rows after this one."""
        values = {"bulk_id": bulk_id, "after": after, "most": limit}
        return [WaitingAnswer(*row) for row in self._connection.execute(_WAITING, values)]

    def stopping(self, *, since: datetime) -> list[BulkAnswer]:
        """Return the bulk answers that were stopped since then while answers of theirs wait to be sent."""
        return [_bulk_from(row) for row in self._connection.execute(_STOPPING, {"since": since})]

    def progress(self, bulk_id: int) -> Mapping[str, int]:
        """Count the rows: "waiting", "skipped", and the queued ones by the delivery of their message."""
        counts: dict[str, int] = {}
        for row in self._connection.execute(_PROGRESS, {"bulk_id": bulk_id}):
            name = row.delivery if row.state == RowState.QUEUED.value and row.delivery else row.state
            counts[name] = counts.get(name, 0) + row.many
        return counts

    def save_row(self, row: BulkRow) -> None:
        """Update a row but its text. Whoever calls it holds the lock of its outbox row.

        The text may have been erased meanwhile.
        """
        values = {name: value for name, value in _values_of(row).items() if name != "text"}
        self._connection.execute(_SAVE_ROW, values | {"row_id": row.id})

    def skip_waiting(self, bulk_id: int, reason: SkipReason) -> list[int]:
        """Skip all customers who are still to be answered; returns the ids of their rows."""
        values = {"its_bulk": bulk_id, "why": reason.value}
        return sorted(self._connection.scalars(_SKIP_WAITING, values))

    def end(self, bulk_id: int, state: BulkState, *, at: datetime, by: str | None = None) -> bool:
        """End a bulk answer; false where it has ended so, or was stopped."""
        values = {"its_bulk": bulk_id, "its_state": state.value, "at": at, "by": by}
        return self._connection.execute(_END, values).rowcount == 1


def _values_of(row: BulkRow) -> dict[str, Any]:
    return {
        "bulk_id": row.bulk_id,
        "case_id": row.case_id,
        "text": row.text,
        "state": row.state.value,
        "message_id": row.message_id,
        "reason": row.reason.value if row.reason is not None else None,
    }


def _bulk_from(row: AnyRow) -> BulkAnswer:
    return BulkAnswer(
        id=row.id,
        outage_id=row.outage_id,
        purpose=BulkPurpose(row.purpose),
        state=BulkState(row.state),
        started_by=row.started_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        aborted_by=row.aborted_by,
    )


def _row_from(row: AnyRow) -> BulkRow:
    return BulkRow(
        id=row.id,
        bulk_id=row.bulk_id,
        case_id=row.case_id,
        text=row.text,
        state=RowState(row.state),
        message_id=row.message_id,
        reason=SkipReason(row.reason) if row.reason is not None else None,
    )
