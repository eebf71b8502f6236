"""Define the table of marks by which a database is told from another, and that it can be written."""

from sqlalchemy import Column, Table, Text

from storage.tables import metadata
from storage.types import CleanText, UtcDateTime

#: Two rows: which database this is, and when it was last tried to write to it.
marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
