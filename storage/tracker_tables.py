"""Define the tables of issues in trackers, and of the cases and causes that are linked to them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from storage.cause_tables import causes
from storage.tables import Id, cases, metadata
from storage.types import CleanText, UtcDateTime

tracker_issues = Table(
    "tracker_issues",
    metadata,
    Column("id", Id, primary_key=True),
    Column("tracker", Text, nullable=False),
    Column("project", CleanText, nullable=False),
    Column("reference", Text, nullable=False, unique=True),
    Column("title", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("thread_url", CleanText),
    Column("creation", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_name", CleanText, nullable=False),
    Column("external_id", CleanText, nullable=False),
    Column("key", CleanText, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("error", CleanText, nullable=False),
    Column("created_by", CleanText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("changed_at", UtcDateTime),
)
# An issue of a tracker is one row, however it came here.
Index(
    "uq_tracker_issues_external",
    tracker_issues.c.tracker,
    tracker_issues.c.external_id,
    unique=True,
    sqlite_where=text("external_id <> ''"),
    postgresql_where=text("external_id <> ''"),
)

issue_links = Table(
    "issue_links",
    metadata,
    Column("issue_id", Id, ForeignKey(tracker_issues.c.id), primary_key=True),
    Column("case_id", Id, ForeignKey(cases.c.id), primary_key=True),
    # For whoever queries the database; people see who linked what, and when, in the audit trail.
    Column("linked_by", CleanText, nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    Index("ix_issue_links_case", "case_id"),
)

cause_issues = Table(
    "cause_issues",
    metadata,
    Column("cause_id", Id, ForeignKey(causes.c.id), primary_key=True),
    Column("issue_id", Id, ForeignKey(tracker_issues.c.id), primary_key=True),
    Index("ix_cause_issues_issue", "issue_id"),
)
