"""Store what our answers promise.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "promises",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("made_by", sa.Text, nullable=True),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("settled_by", sa.Text, nullable=True),
        sa.Column("reminded_at", _MOMENT, nullable=True),
        sa.Column("check_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_promises_case_id")),
        sa.CheckConstraint(
            "state IN ('open', 'kept', 'broken', 'withdrawn')", name=op.f("ck_promises_state")
        ),
    )
    op.create_index("ix_promises_case", "promises", ["case_id"])
    op.create_index("ix_promises_message", "promises", ["message_id"])
    op.create_index("ix_promises_made", "promises", ["made_at", "state", "case_id"])
    for name, column, condition in (
        ("ix_promises_open", "due_at", "state = 'open'"),
        ("ix_promises_check", "check_at", "check_at IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(name, "promises", [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("promises")
