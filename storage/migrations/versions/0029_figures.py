"""Add the indexes by which reports read the rows of a period.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_INBOUND = sa.text("direction = 'in'")
_RESOLVED = sa.text("action = 'resolved'")
_FURTHER = sa.text("kind = 'next'")
_SENT = sa.text("sent_at IS NOT NULL")
_AUTHOR = ["network", "account_id", "author_id"]
_WAITED = ["kind", "asked_at", "answered_at", "due_at", "ended_at", "by_offer", "office_seconds", "case_id"]
_COUNTED = ["created_at", "case_id", "venue", "sentiment", "network", "author_id"]


def upgrade() -> None:
    op.drop_index("ix_messages_arrived", "messages")
    _index("ix_messages_arrived", "messages", _COUNTED, _INBOUND)
    op.drop_index("ix_cases_author", "cases")
    op.create_index("ix_cases_author", "cases", [*_AUTHOR, "opened_at"])
    op.create_index("ix_cases_opened", "cases", ["opened_at"])
    _index("ix_audit_resolved", "audit", ["at", "case_id"], _RESOLVED)
    op.drop_index("ix_responses_asked", "responses")
    op.create_index("ix_responses_asked", "responses", _WAITED)
    _index("ix_responses_further", "responses", ["case_id", "asked_at"], _FURTHER)
    op.create_index("ix_handoffs_offered_at", "handoffs", ["offered_at"])
    op.create_index("ix_ratings_at", "ratings", ["at"])
    _index("ix_publications_sent", "publications", ["sent_at"], _SENT)


def downgrade() -> None:
    op.drop_index("ix_publications_sent", "publications")
    op.drop_index("ix_ratings_at", "ratings")
    op.drop_index("ix_responses_further", "responses")
    op.drop_index("ix_responses_asked", "responses")
    op.create_index("ix_responses_asked", "responses", ["asked_at"])
    op.drop_index("ix_handoffs_offered_at", "handoffs")
    op.drop_index("ix_audit_resolved", "audit")
    op.drop_index("ix_cases_opened", "cases")
    op.drop_index("ix_cases_author", "cases")
    op.create_index("ix_cases_author", "cases", _AUTHOR)
    op.drop_index("ix_messages_arrived", "messages")
    _index("ix_messages_arrived", "messages", ["created_at"], _INBOUND)


def _index(name: str, table: str, columns: list[str], rows: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=rows, postgresql_where=rows)
