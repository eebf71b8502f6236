"""Store which database this is, when it was last tried to write to it, and which mails wait.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "deferred_mails",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("position", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column(
            "deferred_at", sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deferred_mails")),
    )
    op.create_index("ix_deferred_mails_place", "deferred_mails", ["account_id", "position"], unique=True)


def downgrade() -> None:
    op.drop_table("deferred_mails")
    op.drop_table("marks")
