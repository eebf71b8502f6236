"""Store the audit trail: append-only, except that details are erased."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from domain.records.audit import SYSTEM, Action, Entry
from storage.audit_tables import audit_links
from storage.bulk_insert import insert_rows
from storage.cases import Cases
from storage.sql_functions import HourOf
from storage.tables import audit
from storage.types import AnyRow

_c = audit.c
_ADD = insert(audit)
_OF_CASE = (
    select(audit)
    .where(_c.case_id == bindparam("case_id"), _c.id > bindparam("after"))
    .order_by(_c.id)
    .limit(bindparam("most"))
)
_PAGE = select(audit).where(_c.id < bindparam("before")).order_by(_c.id.desc()).limit(bindparam("most"))
_PAGE_OF_CASE = _PAGE.where(_c.case_id == bindparam("case_id"))
_PAGE_BY_PEOPLE = _PAGE.where(_c.actor != SYSTEM)
_hour = HourOf(_c.at)
_AUTOMATIC = (
    select(_hour, _c.action, func.count())
    .where(_c.id >= bindparam("since"), _c.id < bindparam("before"), _c.actor == SYSTEM)
    .group_by(_hour, _c.action)
)
_OF_OUTAGE = select(audit).where(_c.outage_id == bindparam("outage_id")).order_by(_c.id)
_SINCE_VERSION = (
    select(audit).where(_c.case_id == bindparam("case_id"), _c.version > bindparam("version")).order_by(_c.id)
)
_EDITS = select(_c.id).where(
    _c.case_id == bindparam("its_case"),
    _c.message_id == bindparam("its_message"),
    _c.action == Action.CUSTOMER_EDITED.value,
)
_OF_ACTION = select(audit).where(_c.case_id == bindparam("its_case"), _c.action == bindparam("its_action"))
_ERASE = update(audit).where(_c.id.in_(bindparam("ids", expanding=True)))
_ERASE_SALTS = (
    update(audit_links).where(audit_links.c.audit_id.in_(bindparam("ids", expanding=True))).values(salt=None)
)


#: The columns that a new entry does not have: the id is assigned, the others come with chain and erasure.
SET_LATER = frozenset({"id", "position", "erased_at"})


class AuditTrail:
    """The audit trail: append-only, except that details are erased."""

    __slots__ = ("_cases", "_connection")

    def __init__(self, connection: Connection, cases: Cases) -> None:
        self._connection = connection
        self._cases = cases

    def add_many(self, entries: Sequence[Entry]) -> None:
        """Insert entries. Within a case, ids increase in commit order, so a reader can continue after an id.

        Therefore the cases are locked: an id is assigned at the insert, but visible only after the commit.
        """
        if entries:
            self._cases.lock(entry.case_id for entry in entries if entry.case_id is not None)
            insert_rows(self._connection, _ADD, [row_of_entry(entry) for entry in entries])

    def of_case(self, case_id: int, *, after: int = 0, limit: int = 200) -> list[Entry]:
        """Return the case's entries with an id above `after`, oldest first."""
        values = {"case_id": case_id, "after": after, "most": limit}
        return [entry_from(row) for row in self._connection.execute(_OF_CASE, values)]

    def of_action(self, case_id: int, action: Action) -> list[Entry]:
        """Return the case's entries of one kind."""
        values = {"its_case": case_id, "its_action": action.value}
        return [entry_from(row) for row in self._connection.execute(_OF_ACTION, values)]

    def page(self, *, case_id: int | None, before: int, limit: int) -> list[Entry]:
        """Return the newest entries with an id below `before`, oldest first; of one case, or of all."""
        values = {"before": before, "most": limit}
        query, named = (_PAGE, {}) if case_id is None else (_PAGE_OF_CASE, {"case_id": case_id})
        return [entry_from(row) for row in self._connection.execute(query, values | named)][::-1]

    def page_by_people(self, *, before: int, limit: int) -> list[Entry]:
        """Return the newest entries of people's acts with an id below `before`, oldest first."""
        values = {"before": before, "most": limit}
        return [entry_from(row) for row in self._connection.execute(_PAGE_BY_PEOPLE, values)][::-1]

    def automatic(self, *, since: int, before: int) -> list[tuple[datetime, Action, int]]:
        """Count what the bot did by itself in each hour, of the entries from an id on and before another."""
        rows = self._connection.execute(_AUTOMATIC, {"since": since, "before": before})
        return [
            (datetime.fromtimestamp(3600 * int(hour), UTC), Action(action), int(count))
            for hour, action, count in rows
        ]

    def of_outage(self, outage_id: int) -> list[Entry]:
        """Return the outage's entries, oldest first."""
        return [entry_from(row) for row in self._connection.execute(_OF_OUTAGE, {"outage_id": outage_id})]

    def since_version(self, case_id: int, version: int) -> list[Entry]:
        """Return the case's entries after it was at `version`, oldest first."""
        values = {"case_id": case_id, "version": version}
        return [entry_from(row) for row in self._connection.execute(_SINCE_VERSION, values)]

    def redact(self, case_id: int, message_id: int, *, now: datetime) -> None:
        """Erase the message's text before its edits; that and when it was edited stays."""
        values = {"its_case": case_id, "its_message": message_id}
        self.erase(list(self._connection.scalars(_EDITS, values)), now=now)

    def erase(self, ids: Sequence[int], *, now: datetime) -> None:
        """Erase the details of entries. Who did what to which case, and when, stays."""
        if ids:
            values = {"ids": ids, "detail": {}, "erased_at": now}
            self._connection.execute(_ERASE, values)
            self._connection.execute(_ERASE_SALTS, {"ids": ids})


def row_of_entry(entry: Entry) -> dict[str, Any]:
    """Return the columns of an entry but its id."""
    return {
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action.value,
        "case_id": entry.case_id,
        "version": entry.version,
        "message_id": entry.message_id,
        "detail": dict(entry.detail),
        "outage_id": entry.outage_id,
    }


def entry_from(row: AnyRow) -> Entry:
    """Convert a row of the table."""
    return Entry(
        id=row.id,
        at=row.at,
        actor=row.actor,
        action=Action(row.action),
        case_id=row.case_id,
        version=row.version,
        message_id=row.message_id,
        detail=row.detail,
        outage_id=row.outage_id,
        erased_at=row.erased_at,
    )
