"""Store the cases of a spike, and up to which message posts were compared with it.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.add_column("spikes", sa.Column("compared_id", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "spike_cases",
        sa.Column("spike_id", _ID, sa.ForeignKey("spikes.id"), primary_key=True, autoincrement=False),
        sa.Column("case_id", _ID, sa.ForeignKey("cases.id"), primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_spike_cases_case", "spike_cases", ["case_id"])


def downgrade() -> None:
    op.drop_index("ix_spike_cases_case", "spike_cases")
    op.drop_table("spike_cases")
    op.drop_column("spikes", "compared_id")
