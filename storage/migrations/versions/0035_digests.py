"""Store the digests that were booked.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("cadence", sa.Text, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("filters", sa.Text, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("booked_at", _MOMENT, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=True),
        sa.Column("posted_ts", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.CheckConstraint("cadence IN ('daily', 'weekly')", name=op.f("ck_digests_cadence")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_digests_day", "digests", ["key", "day"], unique=True)


def downgrade() -> None:
    op.drop_table("digests")
