"""Add floods of a channel, the cases whose cards are held back, and what is spent on the networks.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "floods",
        sa.Column("id", ID, primary_key=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("calm_since", MOMENT),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.Column("urgent", sa.Integer(), nullable=False),
    )
    lasts, unclosed = sa.text("ended_at IS NULL"), sa.text("closed_at IS NULL")
    op.create_index(
        "uq_floods_channel", "floods", ["channel"], unique=True, sqlite_where=lasts, postgresql_where=lasts
    )
    op.create_index("ix_floods_open", "floods", ["id"], sqlite_where=unclosed, postgresql_where=unclosed)
    op.create_table(
        "flood_boards",
        sa.Column("flood_id", ID, sa.ForeignKey("floods.id"), primary_key=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("edited_at", MOMENT, nullable=False),
    )
    op.create_table(
        "flood_arrivals",
        sa.Column("flood_id", ID, sa.ForeignKey("floods.id"), primary_key=True),
        sa.Column("at", MOMENT, primary_key=True),
        sa.Column("mentions", sa.Integer(), nullable=False),
    )
    op.create_table(
        "held_cards",
        sa.Column("case_id", ID, sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("held_at", MOMENT, nullable=False),
    )
    op.create_index("ix_held_cards_channel", "held_cards", ["channel"])
    op.create_table(
        "spend",
        sa.Column("day", sa.Text(), primary_key=True),
        sa.Column("network", sa.Text(), primary_key=True),
        sa.Column("act", sa.Text(), primary_key=True),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.Float(), nullable=False),
    )


def downgrade() -> None:
    for table in ("spend", "held_cards", "flood_arrivals", "flood_boards", "floods"):
        op.drop_table(table)
