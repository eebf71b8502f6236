"""Define the table of marks: which database this is, when the desk opens, how clocks differ, erasures."""

from sqlalchemy import Column, Table, Text

from storage.tables import metadata
from storage.types import CleanText, UtcDateTime

#: Few rows: which database this is, when it was last tried to write to it, while the desk is closed when it
#: opens next, how many customers were erased, and of each copy of the bot how far its clock is ahead of
#: PostgreSQL's.
marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
