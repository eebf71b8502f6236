"""Define the tables of causes."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from domain.causes.cause import CauseState
from storage.tables import Id, cases, metadata, one_of
from storage.types import CleanText, UtcDateTime, json_type

causes = Table(
    "causes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("owner", CleanText),
    Column("state", Text, nullable=False),
    Column("phrases", json_type(), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("created_by", CleanText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("fixed_at", UtcDateTime),
    # The last message that was compared with it.
    Column("compared_id", BigInteger, nullable=False),
    one_of("state", CauseState),
    sqlite_autoincrement=True,
)

# A case that belongs to a cause, or of which a person said that it does not. `at` is when the message was
# written for which it belongs.
cause_cases = Table(
    "cause_cases",
    metadata,
    Column("cause_id", ForeignKey(causes.c.id), primary_key=True, autoincrement=False),
    Column("case_id", ForeignKey(cases.c.id), primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("belongs", Boolean, nullable=False),
    Column("decided_by", CleanText),
    Column("decided_at", UtcDateTime),
    Index("ix_cause_cases_at", "cause_id", "at"),
    Index("ix_cause_cases_case", "case_id"),
)
