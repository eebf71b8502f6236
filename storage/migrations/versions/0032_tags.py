"""Store tags of cases and customers, how a case was routed, who is in the rota, and internal notes.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")

_JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("cases", sa.Column("routing", _JSON, nullable=True))
    op.create_table(
        "case_tags",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "name", name=op.f("pk_case_tags")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_tags_case_id")),
    )
    op.create_index("ix_case_tags_name", "case_tags", ["name", "case_id"])
    op.create_table(
        "customer_tags",
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("author_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("network", "account_id", "author_id", "name", name=op.f("pk_customer_tags")),
    )
    op.create_index("ix_customer_tags_name", "customer_tags", ["name"])
    op.create_table(
        "agents",
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("assigned_at", _MOMENT, nullable=True),
        sa.Column("away_until", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_agents")),
    )
    op.create_table(
        "case_notes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_notes_case_id")),
    )
    op.create_index("ix_case_notes_case", "case_notes", ["case_id"])


def downgrade() -> None:
    op.drop_table("case_notes")
    op.drop_table("agents")
    op.drop_table("customer_tags")
    op.drop_table("case_tags")
    op.drop_column("cases", "routing")
