"""Add when a case came back, the rules of its rank, and the channel of a thread message.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")

# A case came back where the customer waits again after our reply, or wrote after it was closed and nothing
# else had reopened it before.
_CAME_BACK = """
UPDATE cases SET reopened_at = waiting_since
WHERE state IN ('open', 'waiting', 'snoozed') AND waiting_since IS NOT NULL AND (
    first_replied_at IS NOT NULL
    OR EXISTS (
        SELECT 1 FROM audit AS closed
        JOIN audit AS wrote ON wrote.case_id = closed.case_id AND wrote.id > closed.id
        WHERE closed.case_id = cases.id
            AND closed.action IN ('resolved', 'dismissed') AND wrote.action = 'customer_wrote'
            AND NOT EXISTS (
                SELECT 1 FROM audit AS undone
                WHERE undone.case_id = closed.case_id AND undone.id > closed.id AND undone.id < wrote.id
                    AND undone.action IN ('reopened', 'reply_failed', 'reply_settled_by_person')
            )
    )
)
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("reopened_at", MOMENT))
    op.add_column("cases", sa.Column("ranked_by", sa.Text()))
    op.execute(_CAME_BACK)
    op.add_column("messages", sa.Column("thread_channel", sa.Text()))


def downgrade() -> None:
    op.drop_column("messages", "thread_channel")
    op.drop_column("cases", "ranked_by")
    op.drop_column("cases", "reopened_at")
