"""Write a changed case, its audit entry and its effects; on PostgreSQL by one statement at the commit."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Select,
    bindparam,
    column,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError

from domain.cases.case import Case
from domain.records.audit import Entry
from storage.audit import SET_LATER, AuditTrail, row_of_entry
from storage.cases import Cases
from storage.dialects import is_sqlite
from storage.errors import RequestRepeated
from storage.handled_requests import HandledRequests
from storage.late_transactions import ALONE, defer
from storage.outbox_insert_sql import INITIAL, add_selected
from storage.outbox_tables import outbox
from storage.slack_tables import handled_requests
from storage.tables import audit, cases

Row = dict[str, Any]
#: The columns of a new row of the outbox that its effect gives.
_EFFECT_COLUMNS = (
    "key",
    "kind",
    "payload",
    "safety",
    "coalesce",
    "lane",
    "priority",
    "destination",
    "stream",
    "due_at",
    "created_at",
)


class _Pending:
    """A change that is not written yet."""

    __slots__ = ("case", "changes", "effects", "entry")

    def __init__(self, case: Case, changes: Row, entry: Row) -> None:
        self.case = case
        self.changes = changes
        self.entry = entry
        self.effects: list[Row] = []


class CaseChanges:
    """Saves cases together with what belongs to the change, and which request of Slack's asked for it.

    On PostgreSQL what is written last in a transaction is put off until its end, so that a claim takes two
    round trips to the server: the read, and all that it writes. Any other statement writes it before.
    """

    __slots__ = ("_audit", "_cases", "_connection", "_pending", "_request", "cancel")

    def __init__(self, connection: Connection, cases: Cases, trail: AuditTrail) -> None:
        self._connection = connection
        self._cases = cases
        self._audit = trail
        self._pending: _Pending | None = None
        self._request: Row | None = None
        #: Forgets what is pending; to be called where the unit of work fails.
        self.cancel: Callable[[], None] = lambda: None

    def save(self, case: Case, entry: Entry) -> Case:
        """Save the case as its next version, by compare-and-swap, with the audit entry of that version.

        Raises `StaleCase` as `Cases.save` does, at the latest when the unit of work is committed.
        """
        if is_sqlite(self._connection):
            saved = self._cases.save(case)
            self._audit.add_many([entry])
            return saved
        self.write()
        saved, changes = self._cases.prepare_save(case)
        self._pending = _Pending(case, changes, row_of_entry(entry))
        self.cancel = defer(self._connection, self._write)
        return saved

    def take(self, effects: Sequence[Mapping[str, Any]]) -> bool:
        """Take rows of the outbox to be written with the change; false where none is pending."""
        pending = self._pending
        if pending is None or {row["key"] for row in pending.effects} & {row["key"] for row in effects}:
            return False
        pending.effects += map(dict, effects)
        return True

    def store_request(self, key: str, at: datetime) -> None:
        """Store, if this transaction is committed, that a request of Slack's was handled by it.

        Raises `RequestRepeated` where it was handled before, at the latest when the transaction is committed.
        """
        if is_sqlite(self._connection):
            if not HandledRequests(self._connection).add(key, at):
                raise RequestRepeated
        else:
            self._request = {"key": key, "handled_at": at}

    def require_new_request(self) -> None:
        """Raise `RequestRepeated` if the request that is to be stored was handled before."""
        if self._request is not None and HandledRequests(self._connection).has(self._request["key"]):
            raise RequestRepeated

    def write(self, *, is_last: bool = False) -> None:
        """Write what is pending. What `is_last` needs no transaction: it is a single statement."""
        if not is_last:
            self._write()
            return
        request, self._request = self._request, None
        if self._pending is not None:
            self._write(ALONE, request)
        elif request is not None and not HandledRequests(self._connection).add_last(
            request["key"], request["handled_at"]
        ):
            raise RequestRepeated

    def _write(self, options: Mapping[str, Any] | None = None, request: Row | None = None) -> None:
        pending, self._pending = self._pending, None
        if pending is None:
            return
        sql, values_of = _compiled(
            tuple(pending.changes), self._connection.dialect, with_request=request is not None
        )
        case = pending.case
        values = {
            **{f"case_{name}": value for name, value in pending.changes.items()},
            **{f"entry_{name}": value for name, value in pending.entry.items()},
            **{f"request_{name}": value for name, value in (request or {}).items()},
            "case_id": case.id,
            "read_version": case.version,
            "effects": [_json_row(row) for row in pending.effects],
        }
        try:
            result = self._connection.exec_driver_sql(
                sql, values_of(values), execution_options=dict(options or {})
            )
        except IntegrityError as error:
            if request is not None and _is_of_request(error):
                raise RequestRepeated from None
            raise
        if result.scalar_one() != 1:
            self._cases.raise_stale(case)


def _json_row(row: Row) -> Row:
    return {**row, "due_at": row["due_at"].isoformat(), "created_at": row["created_at"].isoformat()}


def _is_of_request(error: IntegrityError) -> bool:
    """Return whether a key of `handled_requests` was there already."""
    diagnostics = getattr(error.orig, "diag", None)
    return getattr(diagnostics, "table_name", None) == handled_requests.name


def _statement(changed: Sequence[str], *, with_request: bool) -> Select[int]:
    """Update the case where it still has the version; only then insert the entry and the effects.

    And the request where there is one: if it was handled before, its key is there, so that the statement
    fails as a whole. With ON CONFLICT the case would be changed all the same.
    """
    saved = (
        update(cases)
        .where(cases.c.id == bindparam("case_id"), cases.c.version == bindparam("read_version"))
        .values({name: _bound("case", cases.c[name]) for name in changed})
        .returning(cases.c.id)
        .cte("saved")
    )
    entry = [one for one in audit.c if one.name not in SET_LATER]
    logged = (
        insert(audit)
        .from_select(
            [one.name for one in entry], select(*(_bound("entry", one) for one in entry)).select_from(saved)
        )
        .cte("logged")
    )
    effect = (
        func.jsonb_to_recordset(bindparam("effects", type_=JSONB))
        .table_valued(*(column(name, outbox.c[name].type) for name in _EFFECT_COLUMNS), name="effect")
        .render_derived(with_types=True)
    )
    rows = select(*(effect.c[name] for name in _EFFECT_COLUMNS), *INITIAL.values()).select_from(
        saved.join(effect, true())
    )
    queued = add_selected([*_EFFECT_COLUMNS, *INITIAL], rows).cte("queued")
    written = select(func.count()).select_from(saved).add_cte(logged, queued)
    if not with_request:
        return written
    columns = list(handled_requests.c)
    handled = insert(handled_requests).from_select(
        [one.name for one in columns],
        select(*(_bound("request", one) for one in columns)).select_from(saved),
    )
    return written.add_cte(handled.cte("handled"))


def _bound(prefix: str, target: Column[Any]) -> Any:  # noqa: ANN401 - a parameter of the column's type
    return bindparam(f"{prefix}_{target.name}", type_=target.type)


@lru_cache(128)
def _compiled(
    changed: tuple[str, ...], dialect: Dialect, *, with_request: bool
) -> tuple[str, Callable[[Row], Row]]:
    """Return the SQL, and a function that converts values: SQLAlchemy would take longer than the server."""
    compiled = _statement(changed, with_request=with_request).compile(dialect=dialect)
    constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    converters = {
        name: convert
        for name, bind in compiled.binds.items()
        if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect))
    }

    def values_of(values: Row) -> Row:
        values = constants | values
        return {
            name: converters[name](value) if name in converters and value is not None else value
            for name, value in values.items()
        }

    return str(compiled), values_of
