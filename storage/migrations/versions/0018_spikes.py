"""Add hourly counts of posts, spikes, and an index of posts by their time.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "arrival_counts",
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("authors", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "series", name=op.f("pk_arrival_counts")),
    )
    op.create_table(
        "spikes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("found_at", _MOMENT, nullable=False),
        sa.Column("window_seconds", sa.BigInteger(), nullable=False),
        sa.Column("authors", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("log_p", sa.Float(), nullable=False),
        sa.Column("related", _JSON, nullable=False),
        sa.Column("told_count", sa.Integer(), nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("dismissed_by", sa.Text()),
        sa.Column("dismissed_at", _MOMENT),
        sa.Column("channel", sa.Text()),
        sa.Column("ts", sa.Text()),
        sa.CheckConstraint("state IN ('open', 'ended', 'dismissed')", name=op.f("ck_spikes_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spikes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_spikes_found", "spikes", ["found_at"])
    op.create_index(
        "ix_messages_arrived",
        "messages",
        ["created_at"],
        sqlite_where=sa.text("direction = 'in'"),
        postgresql_where=sa.text("direction = 'in'"),
    )


def downgrade() -> None:
    op.drop_index("ix_messages_arrived", "messages")
    op.drop_table("spikes")
    op.drop_table("arrival_counts")
