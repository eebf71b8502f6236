"""Define the table of the customers' waits for a person's answer."""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Table, Text

from domain.cases.waits import EndReason, WaitKind
from domain.venues import Venue
from storage.tables import Id, cases, metadata, one_of, rows_where
from storage.types import CleanText, UtcDateTime

OPEN = "answered_at IS NULL AND ended_at IS NULL"

responses = Table(
    "responses",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("kind", Text, nullable=False),
    Column("asked_message_id", BigInteger),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("policy", CleanText),
    Column("answered_message_id", BigInteger),
    Column("answered_at", UtcDateTime),
    Column("answered_by", CleanText),
    Column("venue", Text),
    Column("by_offer", Boolean, nullable=False),
    # Seconds within office hours until the answer or the end; NULL while the customer waits.
    Column("office_seconds", Float),
    Column("ended_at", UtcDateTime),
    Column("end_reason", Text),
    Column("warned_at", UtcDateTime),
    Column("breached_at", UtcDateTime),
    Column("resolution_due_at", UtcDateTime),
    Column("resolution_policy", CleanText),
    Column("resolution_warned_at", UtcDateTime),
    Column("resolution_breached_at", UtcDateTime),
    # When the clocks of this wait have to be looked at next; NULL: not at all.
    Column("check_at", UtcDateTime),
    one_of("kind", WaitKind),
    one_of("venue", Venue),
    one_of("end_reason", EndReason),
    Index("ix_responses_case", "case_id"),
)
# One open wait of a case at a time.
Index("uq_responses_open", responses.c.case_id, unique=True, **rows_where(OPEN))
Index("ix_responses_check", responses.c.check_at, **rows_where("check_at IS NOT NULL"))
Index("ix_responses_answered", responses.c.answered_at, **rows_where("answered_at IS NOT NULL"))
