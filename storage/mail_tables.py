"""Define the table of mails that wait because their sender wrote too many at once."""

from sqlalchemy import Column, Index, Table

from storage.tables import Id, metadata
from storage.types import CleanText, UtcDateTime

#: A row goes once its mail is read. Content stays in the mailbox until then.
deferred_mails = Table(
    "deferred_mails",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", CleanText, nullable=False),
    Column("position", CleanText, nullable=False),
    Column("sender", CleanText, nullable=False),
    # For whoever queries the database, to see how long it has waited; the order is that of `id`.
    Column("deferred_at", UtcDateTime, nullable=False),
    Index("ix_deferred_mails_place", "account_id", "position", unique=True),
)
