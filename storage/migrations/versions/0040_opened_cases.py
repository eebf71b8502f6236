"""Widen the index of opened cases by what filters choose by, so that reports do not read the cases themselves.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_COLUMNS = ["opened_at", "id", "situation", "language", "network", "channel"]


def upgrade() -> None:
    op.drop_index("ix_cases_opened", "cases")
    op.create_index("ix_cases_opened", "cases", _COLUMNS)


def downgrade() -> None:
    op.drop_index("ix_cases_opened", "cases")
    op.create_index("ix_cases_opened", "cases", ["opened_at"])
