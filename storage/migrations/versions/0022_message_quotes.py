"""Add which posts customers' posts quote.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "message_quotes",
        sa.Column("message_id", _ID, autoincrement=False, nullable=False),
        sa.Column("quoted_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_message_quotes_message_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_quotes")),
    )


def downgrade() -> None:
    op.drop_table("message_quotes")
