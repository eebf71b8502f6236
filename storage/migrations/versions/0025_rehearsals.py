"""Add rehearsals.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rehearsals",
        sa.Column("id", _ID, nullable=False),
        sa.Column("in_force", sa.Integer()),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recorded_from", _MOMENT),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("started_at", _MOMENT),
        sa.Column("seen_at", _MOMENT),
        sa.Column("delay_seconds", sa.Float(), nullable=False),
        sa.Column("stop_asked_by", sa.Text()),
        sa.Column("ended_at", _MOMENT),
        sa.Column("end_reason", sa.Text()),
        sa.Column("score", _JSON),
        sa.CheckConstraint(
            "end_reason IN ('complete', 'stopped', 'time_up', 'lost')",
            name=op.f("ck_rehearsals_end_reason"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsals")),
        sa.UniqueConstraint("in_force", name=op.f("uq_rehearsals_in_force")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("rehearsals")
