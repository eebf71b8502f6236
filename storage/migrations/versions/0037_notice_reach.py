"""Add to receipts of notices whom their destination reached, as it was known before they were sent.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("publications", sa.Column("audience", sa.BigInteger(), nullable=True))
    op.add_column("publications", sa.Column("audience_unit", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("publications", "audience_unit")
    op.drop_column("publications", "audience")
