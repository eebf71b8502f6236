"""Create the first tables.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _where(condition: str) -> dict[str, Any]:
    """Return a partial index's condition for either database."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("network", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("author_id", TEXT, nullable=False),
        sa.Column("author_handle", TEXT, nullable=False),
        sa.Column("author_name", TEXT, nullable=False),
        sa.Column("author_followers", sa.BigInteger(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("situation", TEXT, nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("sentiment", sa.Float(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("last_message_at", MOMENT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("sort_key", sa.Float(), nullable=False),
        sa.Column("conversation_id", TEXT, nullable=False),
        sa.Column("reply_to_id", TEXT, nullable=False),
        sa.Column("claimed_by", TEXT),
        sa.Column("claimed_at", MOMENT),
        sa.Column("waiting_since", MOMENT),
        sa.Column("first_reply_due", MOMENT),
        sa.Column("first_replied_at", MOMENT),
        sa.Column("snoozed_until", MOMENT),
        sa.Column("closed_by", TEXT),
        sa.Column("closed_at", MOMENT),
        sa.Column("reply_block", TEXT),
        sa.Column("card_channel", TEXT),
        sa.Column("card_ts", TEXT),
        sa.Column("card_digest", TEXT),
        sa.Column("thread_seen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'waiting', 'snoozed', 'resolved', 'dismissed')", name=op.f("ck_cases_state")
        ),
        sa.CheckConstraint("urgency BETWEEN 0 AND 3", name=op.f("ck_cases_urgency")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_cases_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_author", "cases", ["network", "account_id", "author_id"])
    op.create_index("ix_cases_conversation", "cases", ["network", "account_id", "conversation_id"])
    op.create_index(
        "ix_cases_due", "cases", ["first_reply_due"], **_where("first_replied_at IS NULL AND state = 'open'")
    )
    op.create_index("ix_cases_queue", "cases", ["state", "claimed_by", sa.text("sort_key DESC")])
    op.create_index("ix_cases_snoozed", "cases", ["snoozed_until"], **_where("state = 'snoozed'"))
    op.create_table(
        "accounts",
        sa.Column("network", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("handle", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("network", name=op.f("pk_accounts")),
    )
    op.create_table(
        "cursors",
        sa.Column("network", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("since_id", TEXT),
        sa.Column("read_at", MOMENT),
        sa.Column("arrived_at", MOMENT),
        sa.Column("paused", TEXT),
        sa.Column("paused_until", MOMENT),
        sa.Column("quiet_alerted_at", MOMENT),
        sa.PrimaryKeyConstraint("network", "account_id", "stream", name=op.f("pk_cursors")),
    )
    op.create_table(
        "destinations",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("free_at", MOMENT),
        sa.Column("paused_until", MOMENT),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_destinations")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("safety", TEXT, nullable=False),
        sa.Column("coalesce", sa.Boolean(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("destination", TEXT, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("claimed_generation", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("reconciling", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("first_tried_at", MOMENT),
        sa.Column("departed_at", MOMENT),
        sa.Column("lease_until", MOMENT),
        sa.Column("owner", TEXT),
        sa.Column("settled_at", MOMENT),
        sa.Column("note", TEXT),
        sa.Column("result", JSON),
        sa.CheckConstraint("(lease_until IS NOT NULL) = (state = 'sending')", name=op.f("ck_outbox_leased")),
        sa.CheckConstraint(
            "(settled_at IS NOT NULL) = (state IN ('sent', 'failed'))", name=op.f("ck_outbox_settled")
        ),
        sa.CheckConstraint("due_at IS NOT NULL OR state <> 'queued'", name=op.f("ck_outbox_due")),
        sa.CheckConstraint("safety IN ('repeat', 'reconcile')", name=op.f("ck_outbox_safety")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'unsure')", name=op.f("ck_outbox_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_destination",
        "outbox",
        ["destination", "lane", sa.text("priority DESC"), "id"],
        **_where("settled_at IS NULL"),
    )
    op.create_index("ix_outbox_leased", "outbox", ["lease_until"], **_where("state = 'sending'"))
    op.create_index(
        "ix_outbox_settled", "outbox", ["settled_at", "state"], **_where("settled_at IS NOT NULL")
    )
    op.create_index(
        "ix_outbox_stream", "outbox", ["stream", "id", "state", "settled_at"], **_where("settled_at IS NULL")
    )
    op.create_index("ix_outbox_unsure", "outbox", ["due_at"], **_where("state = 'unsure'"))
    op.create_table(
        "messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("network", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("direction", TEXT, nullable=False),
        sa.Column("venue", TEXT, nullable=False),
        sa.Column("author_id", TEXT, nullable=False),
        sa.Column("author_name", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("external_id", TEXT),
        sa.Column("revision_id", TEXT),
        sa.Column("url", TEXT),
        sa.Column("reply_to_id", TEXT),
        sa.Column("reply_block", TEXT),
        sa.Column("edited_at", MOMENT),
        sa.Column("deleted_at", MOMENT),
        sa.Column("delivery", TEXT),
        sa.Column("sent_by", TEXT),
        sa.Column("sent_at", MOMENT),
        sa.Column("error", TEXT),
        sa.Column("client_key", TEXT),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("rules_version", TEXT),
        sa.CheckConstraint(
            "delivery IN ('queued', 'sent', 'failed', 'unsure')", name=op.f("ck_messages_delivery")
        ),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_messages_direction")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_messages_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("client_key", name=op.f("uq_messages_client_key")),
    )
    op.create_index("ix_messages_case", "messages", ["case_id", "created_at"])
    op.create_index(
        "ix_messages_ours", "messages", ["account_id", "created_at"], **_where("direction = 'out'")
    )
    op.create_index(
        "uq_messages_inbound",
        "messages",
        ["network", "account_id", "external_id"],
        unique=True,
        **_where("direction = 'in'"),
    )
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("case_id", ID),
        sa.Column("version", sa.Integer()),
        sa.Column("message_id", ID),
        sa.Column("detail", JSON, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_audit_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_audit_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_case", "audit", ["case_id"])
    op.create_table(
        "suggestions",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("model", TEXT),
        sa.Column("stands_on", TEXT),
        sa.Column("missing", JSON, nullable=False),
        sa.CheckConstraint("source IN ('saved_reply', 'model')", name=op.f("ck_suggestions_source")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_suggestions_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_suggestions_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
    )
    op.create_index("ix_suggestions_case", "suggestions", ["case_id"])
    op.create_table(
        "thread_posts",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("ts", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_thread_posts_case_id")),
        sa.PrimaryKeyConstraint("case_id", "ts", name=op.f("pk_thread_posts")),
    )


def downgrade() -> None:
    for table in ("thread_posts", "suggestions", "audit", "messages", "cases", "outbox", "destinations", "cursors", "accounts"):
        op.drop_table(table)
