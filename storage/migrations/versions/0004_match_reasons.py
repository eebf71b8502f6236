"""Add why a post reached us. Posts that are stored already keep NULL: it was not stored how they came.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("match_reason", sa.Text()))


def downgrade() -> None:
    op.drop_column("messages", "match_reason")
