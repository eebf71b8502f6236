"""Store mails that nobody has proven to be the customer's, with their files.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "unproven_mails",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("handoff_id", _ID, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("doubt", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=True),
        sa.Column("original", sa.Text, nullable=True),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "doubt IN ('from_alone', 'other_address', 'check_failed')", name=op.f("ck_unproven_mails_doubt")
        ),
        sa.CheckConstraint(
            "verdict IN ('waiting', 'customer', 'somebody_else')", name=op.f("ck_unproven_mails_verdict")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_unproven_mails_case_id")),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_unproven_mails_handoff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unproven_mails")),
    )
    op.create_index("ix_unproven_mails_case", "unproven_mails", ["case_id"])
    op.create_index("ix_unproven_mails_address", "unproven_mails", ["address"])
    op.create_index(
        "uq_unproven_mails_inbound", "unproven_mails", ["network", "account_id", "external_id"], unique=True
    )
    op.create_table(
        "unproven_files",
        sa.Column("id", _ID, nullable=False),
        sa.Column("mail_id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("refused", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["unproven_mails.id"], name=op.f("fk_unproven_files_mail_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_unproven_files_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unproven_files")),
    )
    op.create_index("ix_unproven_files_mail", "unproven_files", ["mail_id"])
    op.create_index("ix_unproven_files_case", "unproven_files", ["case_id"])


def downgrade() -> None:
    op.drop_table("unproven_files")
    op.drop_table("unproven_mails")
