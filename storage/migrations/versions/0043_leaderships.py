"""Store who leads, and until when.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leaderships",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("term", sa.Integer, nullable=False),
        sa.Column(
            "expires_at", sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leaderships")),
    )


def downgrade() -> None:
    op.drop_table("leaderships")
