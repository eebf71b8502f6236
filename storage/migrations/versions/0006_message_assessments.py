"""Add the assessment of each message. Messages that are stored already keep NULL: their case has one.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("messages", sa.Column("language", sa.Text()))
    op.add_column("messages", sa.Column("situation", sa.Text()))
    op.add_column("messages", sa.Column("urgency", sa.Integer()))
    op.add_column("messages", sa.Column("reasons", _JSON))
    op.add_column("messages", sa.Column("sentiment", sa.Float()))


def downgrade() -> None:
    for name in ("sentiment", "reasons", "urgency", "situation", "language"):
        op.drop_column("messages", name)
