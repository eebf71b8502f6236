"""Add to spikes the outage that they come from, and who said so.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("spikes", sa.Column("outage_id", sa.BigInteger()))
    op.add_column("spikes", sa.Column("attributed_by", sa.Text()))


def downgrade() -> None:
    op.drop_column("spikes", "attributed_by")
    op.drop_column("spikes", "outage_id")
