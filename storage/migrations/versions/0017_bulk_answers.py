"""Add answers to many linked customers at once.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bulk_answers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("outage_id", _ID, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("aborted_by", sa.Text()),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.CheckConstraint("purpose IN ('answer', 'solved')", name=op.f("ck_bulk_answers_purpose")),
        sa.CheckConstraint("state IN ('running', 'done', 'aborted')", name=op.f("ck_bulk_answers_state")),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_bulk_answers_outage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_answers")),
        sa.UniqueConstraint("client_key", name=op.f("uq_bulk_answers_client_key")),
    )
    op.create_index("ix_bulk_answers_outage", "bulk_answers", ["outage_id"])
    op.create_table(
        "bulk_answer_rows",
        sa.Column("id", _ID, nullable=False),
        sa.Column("bulk_id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message_id", _ID),
        sa.Column("reason", sa.Text()),
        sa.CheckConstraint("state IN ('waiting', 'queued', 'skipped')", name=op.f("ck_bulk_answer_rows_state")),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_answers.id"], name=op.f("fk_bulk_answer_rows_bulk_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_bulk_answer_rows_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_bulk_answer_rows_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_answer_rows")),
    )
    op.create_index("ix_bulk_answer_rows_bulk", "bulk_answer_rows", ["bulk_id", "state"])
    op.create_index("ix_bulk_answer_rows_case", "bulk_answer_rows", ["case_id"])


def downgrade() -> None:
    op.drop_table("bulk_answer_rows")
    op.drop_table("bulk_answers")
