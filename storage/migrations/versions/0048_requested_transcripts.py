"""Index when transcripts were asked for, so that those of the last hour are found without reading all.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_transcripts_requested", "transcripts", ["requested_at"])


def downgrade() -> None:
    op.drop_index("ix_transcripts_requested", "transcripts")
