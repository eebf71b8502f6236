"""Define the tables of outages: their notices, what became of them at each destination, pauses of sending."""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text

from domain.outages.bulk_answers import BulkPurpose, BulkState, RowState
from domain.outages.links import LinkState
from domain.outages.notices import NoticeKind, NoticeState, PublicationState
from domain.outages.outage import OutageKind, OutageState, Phase, Severity
from storage.tables import Id, cases, messages, metadata, one_of
from storage.types import CleanText, UtcDateTime, json_type

outages = Table(
    "outages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("severity", Text, nullable=False),
    Column("components", json_type(), nullable=False),
    Column("state", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("lead", CleanText, nullable=False),
    Column("opened_by", CleanText, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("announced_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("resolved_by", CleanText),
    Column("starts_at", UtcDateTime),
    Column("ends_at", UtcDateTime),
    Column("next_update_due", UtcDateTime),
    Column("board_channel", CleanText),
    Column("board_ts", CleanText),
    Column("board_digest", CleanText),
    Column("spike_id", BigInteger),
    Column("form_key", CleanText),
    Column("is_rehearsal", Boolean, nullable=False),
    # The newest message that was compared with the outage, to find cases to link.
    Column("matched_message_id", BigInteger),
    one_of("kind", OutageKind),
    one_of("severity", Severity),
    one_of("state", OutageState),
    one_of("phase", Phase),
    sqlite_autoincrement=True,
)
Index("ix_outages_state", outages.c.state)
Index("ix_outages_form_key", outages.c.form_key, unique=True)

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("outage_id", ForeignKey(outages.c.id), nullable=False),
    Column("kind", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("versions", json_type(), nullable=False),
    Column("texts", json_type(), nullable=False),
    Column("authors", json_type(), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_update_due", UtcDateTime),
    Column("facts", json_type()),
    Column("corrects", ForeignKey("notices.id")),
    Column("approved_by", CleanText),
    Column("approved_at", UtcDateTime),
    Column("approved_digest", CleanText),
    one_of("kind", NoticeKind),
    one_of("phase", Phase),
    one_of("state", NoticeState),
    Index("ix_notices_outage", "outage_id"),
    sqlite_autoincrement=True,
)

publications = Table(
    "publications",
    metadata,
    Column("id", Id, primary_key=True),
    Column("notice_id", ForeignKey(notices.c.id), nullable=False),
    Column("outage_id", ForeignKey(outages.c.id), nullable=False),
    Column("destination", CleanText, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("state", Text, nullable=False),
    Column("external_id", CleanText),
    Column("url", CleanText),
    Column("data", json_type(), nullable=False),
    Column("error", CleanText),
    Column("attempt", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("audience", BigInteger),
    Column("audience_unit", CleanText),
    one_of("state", PublicationState),
    Index("ix_publications_notice", "notice_id", "destination", "language", unique=True),
    Index("ix_publications_outage", "outage_id"),
    sqlite_autoincrement=True,
)

outage_links = Table(
    "outage_links",
    metadata,
    Column("outage_id", ForeignKey(outages.c.id), primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), primary_key=True),
    Column("message_id", ForeignKey(messages.c.id), nullable=False),
    Column("state", Text, nullable=False),
    Column("certainty", Float, nullable=False),
    Column("evidence", json_type(), nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("decided_by", CleanText),
    Column("decided_at", UtcDateTime),
    Column("newest_message_id", BigInteger),
    one_of("state", LinkState),
    Index("ix_outage_links_case", "case_id"),
    Index("ix_outage_links_reported", "outage_id", "reported_at"),
)

bulk_answers = Table(
    "bulk_answers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outage_id", ForeignKey(outages.c.id), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_by", CleanText, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("aborted_by", CleanText),
    Column("client_key", CleanText, nullable=False, unique=True),
    one_of("purpose", BulkPurpose),
    one_of("state", BulkState),
    Index("ix_bulk_answers_outage", "outage_id"),
)

bulk_answer_rows = Table(
    "bulk_answer_rows",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bulk_id", ForeignKey(bulk_answers.c.id), nullable=False),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("text", CleanText, nullable=False),
    Column("state", Text, nullable=False),
    Column("message_id", ForeignKey(messages.c.id)),
    Column("reason", Text),
    one_of("state", RowState),
    Index("ix_bulk_answer_rows_bulk", "bulk_id", "state"),
    Index("ix_bulk_answer_rows_case", "case_id"),
)

#: `in_force` is 1 for the pause in force and NULL for those before, so that at most one is.
pauses = Table(
    "pauses",
    metadata,
    Column("id", Id, primary_key=True),
    Column("in_force", Integer, unique=True),
    Column("paused_by", CleanText, nullable=False),
    Column("paused_at", UtcDateTime, nullable=False),
    Column("holds_answers", Boolean, nullable=False),
    Column("resumed_by", CleanText),
    Column("resumed_at", UtcDateTime),
)
