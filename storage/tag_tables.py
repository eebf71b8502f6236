"""Define the tables of tags."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from storage.tables import Id, cases, metadata
from storage.types import CleanText, UtcDateTime

case_tags = Table(
    "case_tags",
    metadata,
    Column("case_id", Id, ForeignKey(cases.c.id), primary_key=True),
    Column("name", CleanText, primary_key=True),
    Column("added_by", CleanText, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Index("ix_case_tags_name", "name", "case_id"),
)

customer_tags = Table(
    "customer_tags",
    metadata,
    Column("network", Text, primary_key=True),
    Column("account_id", CleanText, primary_key=True),
    Column("author_id", CleanText, primary_key=True),
    Column("name", CleanText, primary_key=True),
    Column("reason", CleanText, nullable=False),
    Column("added_by", CleanText, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Index("ix_customer_tags_name", "name"),
)
