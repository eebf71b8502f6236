"""Store which requests of Slack's were handled, and which channels the settings' names mean.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "handled_requests",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("handled_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_handled_requests")),
    )
    op.create_index("ix_handled_requests_at", "handled_requests", ["handled_at"])
    op.create_table(
        "named_channels",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("found_at", _MOMENT, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_named_channels")),
    )


def downgrade() -> None:
    op.drop_table("named_channels")
    op.drop_table("handled_requests")
