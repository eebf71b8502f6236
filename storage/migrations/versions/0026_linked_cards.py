"""Add to links the customer's newest message when they were confirmed, and to floods what they hold back.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outage_links", sa.Column("newest_message_id", sa.BigInteger()))
    op.execute(
        "UPDATE outage_links SET newest_message_id = (SELECT max(messages.id) FROM messages"
        " WHERE messages.case_id = outage_links.case_id AND messages.direction = 'in')"
        " WHERE state = 'confirmed'"
    )
    op.add_column("floods", sa.Column("holds", sa.Text(), nullable=False, server_default="all"))


def downgrade() -> None:
    op.drop_column("floods", "holds")
    op.drop_column("outage_links", "newest_message_id")
