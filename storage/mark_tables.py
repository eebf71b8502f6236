"""Define the table of marks: which database this is, that it can be written, and when the desk opens."""

from sqlalchemy import Column, Table, Text

from storage.tables import metadata
from storage.types import CleanText, UtcDateTime

#: At most three rows: which database this is, when it was last tried to write to it, and, while the desk is
#: closed, when it opens next.
marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
