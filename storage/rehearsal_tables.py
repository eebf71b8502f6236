"""Define the table of rehearsals. Their cases and outages are in a database of their own."""

from sqlalchemy import Column, Float, Integer, Table, Text

from domain.outages.rehearsal import EndReason
from storage.tables import Id, metadata, one_of
from storage.types import CleanText, UtcDateTime, json_type

#: `in_force` is 1 for the rehearsal that is going on and NULL for those before, so that at most one is.
rehearsals = Table(
    "rehearsals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("in_force", Integer, unique=True),
    Column("channel", CleanText, nullable=False),
    Column("recorded_from", UtcDateTime),
    Column("posts", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("started_by", CleanText, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("seen_at", UtcDateTime),
    Column("delay_seconds", Float, nullable=False),
    Column("stop_asked_by", CleanText),
    Column("ended_at", UtcDateTime),
    Column("end_reason", Text),
    Column("score", json_type()),
    one_of("end_reason", EndReason),
    sqlite_autoincrement=True,
)
