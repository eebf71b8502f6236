"""Add the vectors of messages, and what the desk has taught: examples, trainings, `messages.request`.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.add_column("messages", sa.Column("request", sa.Boolean()))
    op.create_table(
        "message_vectors",
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_message_vectors_message_id_messages"),
        sa.PrimaryKeyConstraint("message_id", name="pk_message_vectors"),
    )
    op.create_table(
        "examples",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("situation", sa.Text()),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("request", sa.Boolean(), nullable=False),
        sa.Column("read_situation", sa.Text(), nullable=False),
        sa.Column("read_urgency", sa.Integer(), nullable=False),
        sa.Column("taught_by", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint("origin IN ('correction', 'dismissal')", name=op.f("ck_examples_origin")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_examples_case_id_cases"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_examples_message_id_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_examples"),
        sa.UniqueConstraint("message_id", name="uq_examples_message_id"),
    )
    op.create_index("ix_examples_at", "examples", ["at"])
    op.create_table(
        "trainings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("newest_example_at", _MOMENT),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("comparisons", _JSON, nullable=False),
        sa.Column("heads", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_trainings"),
    )


def downgrade() -> None:
    for name in ("trainings", "examples", "message_vectors"):
        op.drop_table(name)
    op.drop_column("messages", "request")
