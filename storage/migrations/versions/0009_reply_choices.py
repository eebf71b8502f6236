"""Add the choices of saved replies, and the proposals that were dismissed.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reply_choices",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("answer_id", _ID, nullable=False),
        sa.Column("suggested", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary()),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reply_choices_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_reply_choices_message_id")),
        sa.ForeignKeyConstraint(["answer_id"], ["messages.id"], name=op.f("fk_reply_choices_answer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_choices")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_reply_choices_answer_id")),
    )
    op.create_index("ix_reply_choices_message", "reply_choices", ["message_id"])
    op.create_index("ix_reply_choices_sent", "reply_choices", ["sent_at"])
    op.create_table(
        "dismissed_proposals",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("dismissed_by", sa.Text(), nullable=False),
        sa.Column("dismissed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_dismissed_proposals")),
    )


def downgrade() -> None:
    op.drop_table("dismissed_proposals")
    op.drop_table("reply_choices")
