"""Define the tables. A test compares them with the migrations in `migrations/`."""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from domain.cases.case import CaseState
from domain.cases.messages import Delivery, Direction
from domain.handoffs.handoff import HandoffState, Proof
from domain.triage.assessment import Urgency
from domain.triage.drafts import Source
from domain.venues import Venue
from storage.types import CleanText, UtcDateTime, json_type

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite assigns row ids only in a column of type INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def rows_where(condition: str) -> dict[str, Any]:
    """Return the arguments of an index for the rows that meet the condition, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def one_of(column: str, values: Iterable[Enum | str]) -> CheckConstraint:
    words = ", ".join(f"'{value.value if isinstance(value, Enum) else value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("network", Text, nullable=False),
    Column("account_id", CleanText, nullable=False),
    Column("author_id", CleanText, nullable=False),
    Column("author_handle", CleanText, nullable=False),
    Column("author_name", CleanText, nullable=False),
    Column("author_followers", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("situation", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("reasons", json_type(), nullable=False),
    Column("sentiment", Float, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("last_message_at", UtcDateTime, nullable=False),
    Column("channel", CleanText, nullable=False),
    Column("sort_key", Float, nullable=False),
    Column("conversation_id", CleanText, nullable=False),
    Column("reply_to_id", CleanText, nullable=False),
    Column("claimed_by", CleanText),
    Column("claimed_at", UtcDateTime),
    Column("waiting_since", UtcDateTime),
    Column("reply_due", UtcDateTime),
    Column("first_replied_at", UtcDateTime),
    Column("snoozed_until", UtcDateTime),
    Column("closed_by", CleanText),
    Column("closed_at", UtcDateTime),
    Column("reply_block", Text),
    Column("card_channel", CleanText),
    Column("card_ts", CleanText),
    Column("card_digest", CleanText),
    Column("thread_audit_id", BigInteger, nullable=False),
    # Name and handle, case-folded for the search (see `domain.cases.search`); so is `messages.search_text`.
    Column("search_text", CleanText, nullable=False),
    Column("author_takes_messages", Boolean),
    Column("reopened_at", UtcDateTime),
    # Fingerprint of the ranking rules that computed `sort_key` (`domain.triage.ranking.rules_fingerprint`).
    Column("ranking_fingerprint", Text),
    # The outage that the case was linked to by a person, and how bad that is now: see `Case.outage_severity`.
    Column("outage_id", BigInteger),
    Column("outage_severity", Integer, nullable=False),
    Column("raised_at", UtcDateTime),
    Column("routing", json_type()),  # `Case.routing`; NULL where no rule applied
    one_of("state", CaseState),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint(f"urgency BETWEEN {min(Urgency):d} AND {max(Urgency):d}", name="urgency"),
)
Index("ix_cases_queue", cases.c.state, cases.c.claimed_by, cases.c.sort_key.desc())
Index("ix_cases_author", cases.c.network, cases.c.account_id, cases.c.author_id, cases.c.opened_at)
Index("ix_cases_conversation", cases.c.network, cases.c.account_id, cases.c.conversation_id)
Index("ix_cases_card", cases.c.card_channel, cases.c.card_ts)
Index("ix_cases_outage", cases.c.outage_id, **rows_where("outage_id IS NOT NULL"))
Index(
    "ix_cases_due",
    cases.c.reply_due,
    **rows_where("reply_due IS NOT NULL AND state = 'open'"),
)
Index(
    "ix_cases_snoozed",
    cases.c.snoozed_until,
    sqlite_where=text("state = 'snoozed'"),
    postgresql_where=text("state = 'snoozed'"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("network", Text, nullable=False),
    Column("account_id", CleanText, nullable=False),
    Column("direction", Text, nullable=False),
    Column("venue", Text, nullable=False),
    Column("author_id", CleanText, nullable=False),
    Column("author_name", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("external_id", CleanText),
    Column("revision_id", CleanText),
    Column("url", CleanText),
    Column("reply_to_id", CleanText),
    Column("reply_block", Text),
    Column("edited_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Column("delivery", Text),
    Column("sent_by", CleanText),
    Column("sent_at", UtcDateTime),
    Column("error", CleanText),
    Column("client_key", CleanText, unique=True),
    Column("attempt", Integer, nullable=False),
    Column("rules_version", CleanText),
    Column("delivered_at", UtcDateTime),
    Column("thread_ts", CleanText),
    Column("subject", CleanText),
    Column("original", CleanText),
    # No foreign key: `handoffs.message_id` is one already, and both would be circular.
    Column("handoff_id", Id),
    Column("sender_authenticated", Boolean, nullable=False),
    Column("search_text", CleanText, nullable=False),
    Column("thread_channel", CleanText),
    Column("match_reason", Text),
    # The assessment of a customer's message: all five, or none.
    Column("language", CleanText),
    Column("situation", Text),
    Column("urgency", Integer),
    Column("reasons", json_type()),
    Column("sentiment", Float),
    # Whether it wants something of us, as a person said; NULL where nobody did.
    Column("request", Boolean),
    # The pictures and videos of a public post: kind, url and alt_text of each; NULL where it has none.
    Column("media", json_type()),
    Column("context", json_type()),  # what came with a public post: storage/post_contexts.py
    one_of("direction", Direction),
    one_of("delivery", Delivery),
)
Index(
    "ix_messages_sent_id",
    messages.c.external_id,
    sqlite_where=text("direction = 'out'"),
    postgresql_where=text("direction = 'out'"),
)
Index("ix_messages_case", messages.c.case_id, messages.c.created_at)
Index(
    "uq_messages_inbound",
    messages.c.network,
    messages.c.account_id,
    messages.c.external_id,
    unique=True,
    sqlite_where=text("direction = 'in'"),
    postgresql_where=text("direction = 'in'"),
)
Index(
    "ix_messages_ours",
    messages.c.account_id,
    messages.c.created_at,
    sqlite_where=text("direction = 'out'"),
    postgresql_where=text("direction = 'out'"),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("message_id", ForeignKey(messages.c.id), nullable=False),
    Column("text", CleanText, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("source", Text, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("version", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("model", CleanText),
    Column("grounded_in", CleanText),
    Column("missing", json_type(), nullable=False),
    one_of("source", Source),
    Index("ix_suggestions_case", "case_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("action", Text, nullable=False),
    Column("case_id", ForeignKey(cases.c.id)),
    Column("version", Integer),
    Column("message_id", ForeignKey(messages.c.id)),
    Column("detail", json_type(), nullable=False),
    Column("outage_id", BigInteger),
    Column("position", BigInteger),
    Column("erased_at", UtcDateTime),
    Index("ix_audit_case", "case_id"),
    Index("ix_audit_unchained", "id", **rows_where("position IS NULL")),
    Index("ix_audit_outage", "outage_id", **rows_where("outage_id IS NOT NULL")),
)

thread_posts = Table(
    "thread_posts",
    metadata,
    Column("case_id", ForeignKey(cases.c.id), primary_key=True),
    Column("ts", CleanText, primary_key=True),
    Column("channel", CleanText, nullable=False),
    Column("first_audit_id", BigInteger, nullable=False),
    Column("last_audit_id", BigInteger, nullable=False),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("venue", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("offered_at", UtcDateTime, nullable=False),
    Column("offered_by", CleanText, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("nonce", CleanText, nullable=False, unique=True),
    Column("code", CleanText, nullable=False),
    Column("remind_at", UtcDateTime),
    Column("message_id", ForeignKey(messages.c.id)),
    Column("address", CleanText),
    Column("arrived_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("proof", Text),
    Column("verified_at", UtcDateTime),
    Column("verified_by", CleanText),
    Column("verified_reason", CleanText),
    Column("unreachable_at", UtcDateTime),
    one_of("venue", Venue),
    one_of("state", HandoffState),
    one_of("proof", Proof),
    Index("ix_handoffs_case", "case_id"),
    Index("ix_handoffs_address", "venue", "address"),
)
Index(
    "ix_handoffs_offered",
    handoffs.c.expires_at,
    sqlite_where=text("state = 'offered'"),
    postgresql_where=text("state = 'offered'"),
)

files = Table(
    "files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("message_id", ForeignKey(messages.c.id), nullable=False),
    Column("name", CleanText, nullable=False),
    Column("media_type", CleanText, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("content", LargeBinary),
    Column("source", CleanText),
    Column("shared_at", UtcDateTime),
    Index("ix_files_message", "message_id"),
    Index("ix_files_case", "case_id"),
)

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("network", Text, primary_key=True),
    Column("account_id", CleanText, primary_key=True),
    Column("author_id", CleanText, primary_key=True),
    Column("text", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

chat_sessions = Table(
    "chat_sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("handoff_id", ForeignKey(handoffs.c.id), nullable=False),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("last_read_message_id", BigInteger, nullable=False),
    Index("ix_chat_sessions_handoff", "handoff_id"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("handoff_id", ForeignKey(handoffs.c.id), primary_key=True),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("solved", Boolean, nullable=False),
    Column("comment", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_ratings_case", "case_id"),
)

transcripts = Table(
    "transcripts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("handoff_id", ForeignKey(handoffs.c.id), nullable=False),
    Column("case_id", ForeignKey(cases.c.id), nullable=False),
    Column("address", CleanText, nullable=False),
    Column("last_message_id", BigInteger, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("external_id", CleanText),
    Column("sent_at", UtcDateTime),
    Column("error", CleanText),
    Index("ix_transcripts_handoff", "handoff_id"),
    Index("ix_transcripts_requested", "requested_at"),
    Index("ix_transcripts_sent_id", "external_id"),
)

open_forms = Table(
    "open_forms",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("user_id", CleanText, primary_key=True),
    Column("active_at", UtcDateTime, nullable=False),
    Column("home", Text, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("user_id", CleanText, primary_key=True),
    Column("blur_abuse", Boolean, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("network", Text, primary_key=True),
    Column("id", CleanText, nullable=False),
    Column("handle", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("network", Text, primary_key=True),
    Column("account_id", CleanText, primary_key=True),
    Column("stream", CleanText, primary_key=True),
    Column("since_id", CleanText),
    Column("read_at", UtcDateTime),
    Column("arrived_at", UtcDateTime),
    Column("pause_reason", Text),
    Column("paused_until", UtcDateTime),
    Column("paused_at", UtcDateTime),
    Column("quiet_alerted_at", UtcDateTime),
)
