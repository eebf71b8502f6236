"""Add the forms that agents have open on cases.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "open_forms",
        sa.Column("case_id", _ID, sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("user_id", sa.Text(), primary_key=True),
        sa.Column("active_at", _MOMENT, nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("open_forms")
