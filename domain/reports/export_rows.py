"""Define the rows of an export and how they are written, as CSV and as JSON Lines. See docs/figures.md."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from domain.csv_cells import inert


class Record(StrEnum):
    """The kinds of rows."""

    MENTION = "mention"
    CASE = "case"
    RESPONSE = "response"
    RESOLUTION = "resolution"
    PROMISE = "promise"


class ExportFormat(StrEnum):
    """The formats of a file; the values are its extension."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """One row; `at` is when it is counted. `position` orders the rows of a kind that are of one moment."""

    record: Record
    position: int
    case: int
    at: datetime
    network: str
    channel: str
    situation: str
    language: str
    agent: str | None = None
    outage: int | None = None
    person: str | None = None
    venue: str | None = None
    sentiment: float | None = None
    kind: str | None = None
    seconds: int | None = None
    office_seconds: int | None = None
    in_target: str | None = None
    state: str | None = None


Cell = str | int | float | None
#: The columns, in the order of the file: `day` is the date of `at` in the asker's time zone.
COLUMNS = (
    "record",
    "at",
    "day",
    *(field.name for field in fields(ExportRow) if field.name not in {"record", "at", "position"}),
)


def cells_of(row: ExportRow, zone: tzinfo) -> list[Cell]:
    """Return the row's cells, in the order of `COLUMNS`."""
    moments = {
        "record": row.record.value,
        "at": row.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "day": row.at.astimezone(zone).date().isoformat(),
    }
    return [moments[name] if name in moments else getattr(row, name) for name in COLUMNS]


def header(file_format: ExportFormat) -> str:
    """Return what a file of the format begins with."""
    return _csv_line(COLUMNS) if file_format is ExportFormat.CSV else ""


def line_of(row: ExportRow, zone: tzinfo, file_format: ExportFormat) -> str:
    """Write one row, with the end of its line."""
    cells = cells_of(row, zone)
    if file_format is ExportFormat.CSV:
        return _csv_line([inert(cell) if isinstance(cell, str) else cell for cell in cells])
    known = {name: cell for name, cell in zip(COLUMNS, cells, strict=True) if cell is not None}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")) + "\n"


def _csv_line(cells: Sequence[Cell]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
