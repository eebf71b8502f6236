"""Add what agents chose for what they alone see.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.Text(), primary_key=True),
        sa.Column("blur_abuse", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("preferences")
