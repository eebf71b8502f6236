"""Add the links of cases to outages.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("cases", sa.Column("outage_id", sa.BigInteger()))
    op.add_column(
        "cases", sa.Column("outage_severity", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.create_index(
        "ix_cases_outage",
        "cases",
        ["outage_id"],
        sqlite_where=sa.text("outage_id IS NOT NULL"),
        postgresql_where=sa.text("outage_id IS NOT NULL"),
    )
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("cases", "outage_severity", server_default=None)
    op.add_column("outages", sa.Column("matched_message_id", sa.BigInteger()))
    op.create_table(
        "outage_links",
        sa.Column("outage_id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Float(), nullable=False),
        sa.Column("evidence", _JSON, nullable=False),
        sa.Column("reported_at", _MOMENT, nullable=False),
        sa.Column("proposed_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", _MOMENT),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'refused')", name=op.f("ck_outage_links_state")
        ),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_outage_links_outage_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outage_links_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_outage_links_message_id")),
        sa.PrimaryKeyConstraint("outage_id", "case_id", name=op.f("pk_outage_links")),
    )
    op.create_index("ix_outage_links_case", "outage_links", ["case_id"])
    op.create_index("ix_outage_links_reported", "outage_links", ["outage_id", "reported_at"])


def downgrade() -> None:
    op.drop_table("outage_links")
    op.drop_column("outages", "matched_message_id")
    op.drop_index("ix_cases_outage", "cases")
    op.drop_column("cases", "outage_severity")
    op.drop_column("cases", "outage_id")
