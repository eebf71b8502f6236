"""Add the index by which App Home reads the cases that wait for the customer, the newest first.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_index(
        "ix_cases_waiting",
        "cases",
        ["state", sa.text("last_message_at DESC"), sa.text("id DESC")],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_cases_waiting", "cases")
