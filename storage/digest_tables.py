"""Define the table of digests."""

from sqlalchemy import Column, Index, Table, Text

from domain.reports.digests import Cadence
from storage.tables import Id, metadata, one_of
from storage.types import CleanText, UtcDateTime

#: Those that were booked. The first row of each plan is not sent: later days are.
digests = Table(
    "digests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", CleanText, nullable=False),
    Column("day", Text, nullable=False),
    Column("channel", CleanText, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("zone", Text, nullable=False),
    Column("filters", CleanText, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("booked_at", UtcDateTime, nullable=False),
    Column("asked_by", CleanText),
    Column("posted_ts", CleanText),
    one_of("cadence", Cadence),
    Index("uq_digests_day", "key", "day", unique=True),
    sqlite_autoincrement=True,
)
