"""Define the table of what our answers promise."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from domain.cases.promises import PromiseState
from storage.tables import Id, cases, metadata, one_of, rows_where
from storage.types import CleanText, UtcDateTime

promises = Table(
    "promises",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("words", CleanText, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", CleanText),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    # For whoever queries the database; people see who settled a promise, and when, in the audit trail.
    Column("settled_at", UtcDateTime),
    Column("settled_by", CleanText),
    Column("reminded_at", UtcDateTime),
    # When it has to be looked at next; NULL: not at all.
    Column("check_at", UtcDateTime),
    one_of("state", PromiseState),
    Index("ix_promises_case", "case_id"),
    Index("ix_promises_message", "message_id"),
    Index("ix_promises_made", "made_at", "state", "case_id"),
)
Index("ix_promises_open", promises.c.due_at, **rows_where(f"state = '{PromiseState.OPEN}'"))
Index("ix_promises_check", promises.c.check_at, **rows_where("check_at IS NOT NULL"))
