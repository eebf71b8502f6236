"""Rename columns whose names did not say what they hold.

Names are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Table, old name, new name.
_RENAMED = (
    ("cases", "searched", "search_text"),
    ("cases", "thread_seen", "thread_audit_id"),
    ("cases", "ranked_by", "ranking_fingerprint"),
    ("messages", "searched", "search_text"),
    ("messages", "vouched", "sender_authenticated"),
    ("suggestions", "made_at", "created_at"),
    ("suggestions", "stands_on", "grounded_in"),
    ("thread_posts", "first", "first_audit_id"),
    ("thread_posts", "last", "last_audit_id"),
    ("handoffs", "shut_at", "unreachable_at"),
    ("opt_outs", "said", "text"),
    ("chat_sessions", "seen_id", "last_read_message_id"),
    ("transcripts", "up_to", "last_message_id"),
    ("transcripts", "asked_at", "requested_at"),
    ("outbox", "departed_at", "send_started_at"),
    ("cursors", "paused", "pause_reason"),
)


def upgrade() -> None:
    for table, old, new in _RENAMED:
        op.alter_column(table, old, new_column_name=new)


def downgrade() -> None:
    for table, old, new in _RENAMED:
        op.alter_column(table, new, new_column_name=old)
