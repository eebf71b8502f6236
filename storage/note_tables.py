"""Define the table of internal notes."""

from sqlalchemy import Column, ForeignKey, Index, Table

from storage.tables import Id, cases, metadata
from storage.types import CleanText, UtcDateTime

case_notes = Table(
    "case_notes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("author", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_case_notes_case", "case_id"),
)
