"""Store since when something waits, so that a clock that is set back makes nothing wait longer.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
_COLUMNS = (("outbox", "waits_since"), ("destinations", "paced_at"), ("cursors", "paused_at"))


def upgrade() -> None:
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, _MOMENT, nullable=True))


def downgrade() -> None:
    for table, column in _COLUMNS:
        op.drop_column(table, column)
