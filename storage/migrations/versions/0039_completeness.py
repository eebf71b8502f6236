"""Store what networks listed of each day, and which posts could not be read.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mention_days",
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("looked_from", _MOMENT, nullable=False),
        sa.Column("looked_until", _MOMENT, nullable=False),
        sa.Column("listed", sa.Integer, nullable=False),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("late", sa.Integer, nullable=False),
        sa.Column("reread_from", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("day", "network", "account_id", name=op.f("pk_mention_days")),
    )
    op.create_table(
        "unreadable_posts",
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("post_id", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("network", "account_id", "post_id", name=op.f("pk_unreadable_posts")),
    )
    op.create_index("ix_unreadable_posts_day", "unreadable_posts", ["day", "network"])


def downgrade() -> None:
    op.drop_table("unreadable_posts")
    op.drop_table("mention_days")
