"""Store causes, and which cases belong to them.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
_JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "causes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("phrases", _JSON, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("fixed_at", _MOMENT, nullable=True),
        sa.Column("compared_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_causes")),
        sa.CheckConstraint(
            "state IN ('open', 'in_progress', 'fixed', 'not_ours')", name=op.f("ck_causes_state")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "cause_cases",
        sa.Column("cause_id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("belongs", sa.Boolean, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("cause_id", "case_id", name=op.f("pk_cause_cases")),
        sa.ForeignKeyConstraint(["cause_id"], ["causes.id"], name=op.f("fk_cause_cases_cause_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_cause_cases_case_id")),
    )
    op.create_index("ix_cause_cases_at", "cause_cases", ["cause_id", "at"])
    op.create_index("ix_cause_cases_case", "cause_cases", ["case_id"])


def downgrade() -> None:
    op.drop_table("cause_cases")
    op.drop_table("causes")
