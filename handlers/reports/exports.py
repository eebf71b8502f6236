"""Read the rows of an export, a transaction for each page, so that no other work waits for it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.waits import WaitKind
from domain.records.audit import Action, Entry
from domain.reports.export_rows import ExportRow, Record
from domain.reports.filters import Filters
from domain.reports.periods import Period
from storage.export_rows import Position
from storage.unit_of_work import UnitOfWork

PAGE = 2_000
_PERSON_BYTES = 6
#: What is read in turn, each in the order of its time.
_PARTS = (
    (Record.CASE, WaitKind.FIRST),
    (Record.MENTION, WaitKind.FIRST),
    (Record.RESPONSE, WaitKind.FIRST),
    (Record.RESPONSE, WaitKind.NEXT),
    (Record.RESOLUTION, WaitKind.FIRST),
    (Record.PROMISE, WaitKind.FIRST),
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to read on: in which part, and after which row of it."""

    part: int = 0
    after: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is exported. `salt` makes the pseudonyms of persons, which differ from export to export."""

    period: Period
    filters: Filters
    salt: bytes


def begin_export(uow: UnitOfWork, *, export: Export, user_id: str, now: datetime) -> int:
    """Record that somebody exports figures; return about how many rows there are."""
    detail = {
        "since": export.period.since.isoformat(),
        "until": export.period.until.isoformat(),
        "filters": export.filters.words,
    }
    entry = Entry(
        at=now, actor=user_id, action=Action.FIGURES_EXPORTED, case_id=None, version=None, detail=detail
    )
    uow.audit.add_many([entry])
    return uow.export_rows.count(export.period, export.filters)


def next_rows(
    uow: UnitOfWork, *, export: Export, cursor: Cursor, now: datetime
) -> tuple[list[ExportRow], Cursor | None]:
    """Return the next rows, and where to read on; `None` after the last."""
    record, kind = _PARTS[cursor.part]
    rows = uow.export_rows.page(
        record, export.period, export.filters, kind=kind, after=cursor.after, now=now, limit=PAGE
    )
    return [_without_name(row, export.salt) for row in rows], _following(cursor, rows)


def _following(cursor: Cursor, rows: Sequence[ExportRow]) -> Cursor | None:
    if len(rows) == PAGE:
        return Cursor(cursor.part, Position(rows[-1].at, rows[-1].position))
    return Cursor(cursor.part + 1) if cursor.part + 1 < len(_PARTS) else None


def _without_name(row: ExportRow, salt: bytes) -> ExportRow:
    if row.person is None:
        return row
    digest = hashlib.blake2b(row.person.encode(), digest_size=_PERSON_BYTES, salt=salt)
    return replace(row, person=f"p{digest.hexdigest()}")
