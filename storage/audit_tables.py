"""Define the tables beside the audit trail: its chain of hashes, and legal holds."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Table, Text

from storage.tables import Id, cases, metadata
from storage.types import CleanText, UtcDateTime

#: One row for each chained entry of `audit`, never changed, but that the salt goes with the entry's content.
#: Triggers of the database refuse other changes of both tables (migration 0030).
audit_links = Table(
    "audit_links",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("audit_id", BigInteger, nullable=False, unique=True),
    Column("salt", Text),
    Column("content_hash", Text, nullable=False),
    Column("chain_hash", Text, nullable=False),
)

#: The newest link: one row.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("chain_hash", Text, nullable=False),
    CheckConstraint("id = 1", name="one"),
)

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("case_id", ForeignKey(cases.c.id), primary_key=True, autoincrement=False),
    Column("reason", CleanText, nullable=False),
    Column("placed_by", CleanText, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
)
