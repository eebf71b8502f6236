"""Let suggestions come from the approved wordings of an outage.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_NAME = "ck_suggestions_source"
_BEFORE = "source IN ('saved_reply', 'model')"
_AFTER = "source IN ('saved_reply', 'model', 'outage')"


def upgrade() -> None:
    _check(_AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM suggestions WHERE source = 'outage'")
    _check(_BEFORE)


def _check(condition: str) -> None:
    """Replace the check; SQLite, which cannot, copies the table."""
    with op.batch_alter_table("suggestions") as batch:
        batch.drop_constraint(op.f(_NAME), type_="check")
        batch.create_check_constraint(op.f(_NAME), condition)
