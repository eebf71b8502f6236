"""Add hand-offs, files, live chats and transcripts, and the folded text that is searched.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
BATCH = 1000

VENUES = "venue IN ('public', 'dm', 'email', 'chat')"
STATES = "state IN ('offered', 'arrived', 'returned', 'expired', 'replaced')"
PROOFS = "proof IN ('same_account', 'code', 'agent')"


def _where(condition: str) -> dict[str, Any]:
    """Return a partial index's condition for either database."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.add_column("messages", sa.Column("delivered_at", MOMENT))
    for name in ("thread_ts", "subject", "original"):
        op.add_column("messages", sa.Column(name, TEXT))
    op.add_column("messages", sa.Column("handoff_id", ID))
    op.add_column("cases", sa.Column("author_takes_messages", sa.Boolean()))
    _add_vouched()
    op.create_index("ix_cases_card", "cases", ["card_channel", "card_ts"])
    op.create_index("ix_messages_sent_id", "messages", ["external_id"], **_where("direction = 'out'"))
    _add_searched("cases", "author_name", "author_handle")
    _add_searched("messages", "text", "subject")
    op.create_table(
        "handoffs",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("venue", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("offered_by", TEXT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("nonce", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("remind_at", MOMENT),
        sa.Column("message_id", ID),
        sa.Column("address", TEXT),
        sa.Column("arrived_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("proof", TEXT),
        sa.Column("verified_at", MOMENT),
        sa.Column("verified_by", TEXT),
        sa.Column("verified_reason", TEXT),
        sa.Column("shut_at", MOMENT),
        sa.CheckConstraint(VENUES, name=op.f("ck_handoffs_venue")),
        sa.CheckConstraint(STATES, name=op.f("ck_handoffs_state")),
        sa.CheckConstraint(PROOFS, name=op.f("ck_handoffs_proof")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_handoffs_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_handoffs_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
        sa.UniqueConstraint("nonce", name=op.f("uq_handoffs_nonce")),
    )
    op.create_index("ix_handoffs_case", "handoffs", ["case_id"])
    op.create_index("ix_handoffs_address", "handoffs", ["venue", "address"])
    op.create_index("ix_handoffs_offered", "handoffs", ["expires_at"], **_where("state = 'offered'"))
    op.create_table(
        "files",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("media_type", TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("source", TEXT),
        sa.Column("shared_at", MOMENT),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_files_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_files_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_message", "files", ["message_id"])
    op.create_index("ix_files_case", "files", ["case_id"])
    op.create_table(
        "opt_outs",
        sa.Column("network", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("author_id", TEXT, nullable=False),
        sa.Column("said", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("network", "account_id", "author_id", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "chat_sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("handoff_id", ID, nullable=False),
        sa.Column("secret_hash", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("seen_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_chat_sessions_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_sessions")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_chat_sessions_secret_hash")),
    )
    op.create_index("ix_chat_sessions_handoff", "chat_sessions", ["handoff_id"])
    op.create_table(
        "ratings",
        sa.Column("handoff_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("comment", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_ratings_handoff_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ratings_case_id")),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_ratings")),
    )
    op.create_index("ix_ratings_case", "ratings", ["case_id"])
    op.create_table(
        "transcripts",
        sa.Column("id", ID, nullable=False),
        sa.Column("handoff_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("up_to", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("external_id", TEXT),
        sa.Column("sent_at", MOMENT),
        sa.Column("error", TEXT),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_transcripts_handoff_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_transcripts_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcripts")),
    )
    op.create_index("ix_transcripts_handoff", "transcripts", ["handoff_id"])
    op.create_index("ix_transcripts_sent_id", "transcripts", ["external_id"])


def downgrade() -> None:
    for table in ("transcripts", "ratings", "chat_sessions", "opt_outs", "files", "handoffs"):
        op.drop_table(table)
    op.drop_column("cases", "author_takes_messages")
    op.drop_column("cases", "searched")
    op.drop_index("ix_messages_sent_id", "messages")
    op.drop_index("ix_cases_card", "cases")
    for name in ("searched", "vouched", "handoff_id", "original", "subject", "thread_ts", "delivered_at"):
        op.drop_column("messages", name)


def _add_vouched() -> None:
    """Add the column; existing messages are public, where nobody vouches, so they get false."""
    op.add_column("messages", sa.Column("vouched", sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("messages", "vouched", server_default=None)


def _add_searched(name: str, *columns: str) -> None:
    """Add the column, and fold the existing texts."""
    op.add_column(name, sa.Column("searched", TEXT, nullable=False, server_default=""))
    table = sa.table(name, sa.column("id", ID), *(sa.column(column, TEXT) for column in (*columns, "searched")))
    connection = op.get_bind()
    fold = sa.update(table).where(table.c.id == sa.bindparam("its_id")).values(searched=sa.bindparam("words"))
    last = 0
    while rows := connection.execute(
        sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(BATCH)
    ).all():
        connection.execute(fold, [{"its_id": row.id, "words": _folded(*(row[1:-1]))} for row in rows])
        last = rows[-1].id
    if connection.dialect.name == "postgresql":
        op.alter_column(name, "searched", server_default=None)


def _folded(*texts: str | None) -> str:
    text = unicodedata.normalize("NFKC", "\n".join(text or "" for text in texts))
    return unicodedata.normalize("NFKC", text.casefold())
