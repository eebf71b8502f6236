"""Define the tables of mails that nobody has proven to be the customer's."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from domain.intake.unproven_mails import Doubt, Verdict
from storage.tables import Id, cases, handoffs, metadata, one_of
from storage.types import CleanText, UtcDateTime

unproven_mails = Table(
    "unproven_mails",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("handoff_id", ForeignKey(handoffs.c.id), nullable=False),
    Column("network", Text, nullable=False),
    Column("account_id", CleanText, nullable=False),
    Column("external_id", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("doubt", Text, nullable=False),
    Column("subject", CleanText),
    Column("original", CleanText),
    Column("verdict", Text, nullable=False),
    Column("decided_by", CleanText),
    # For whoever queries the database; people see when it was decided in the audit trail.
    Column("decided_at", UtcDateTime),
    one_of("doubt", Doubt),
    one_of("verdict", Verdict),
    Index("ix_unproven_mails_case", "case_id"),
    Index("ix_unproven_mails_address", "address"),
    Index("uq_unproven_mails_inbound", "network", "account_id", "external_id", unique=True),
)

unproven_files = Table(
    "unproven_files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mail_id", ForeignKey(unproven_mails.c.id), nullable=False),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("name", CleanText, nullable=False),
    Column("media_type", CleanText, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("refused", CleanText),
    Index("ix_unproven_files_mail", "mail_id"),
    Index("ix_unproven_files_case", "case_id"),
)
