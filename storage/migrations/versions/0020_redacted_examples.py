"""Count redactions of saved replies, and keep one text by a model of a kind and language.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OF_MESSAGE = sa.text("message_id IS NOT NULL")
_OF_CASE = sa.text("message_id IS NULL")


def upgrade() -> None:
    op.add_column(
        "saved_replies", sa.Column("redactions", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute(
        "DELETE FROM machine_texts WHERE id NOT IN ("
        "SELECT MAX(id) FROM machine_texts GROUP BY case_id, message_id, kind, language)"
    )
    for name, column, where in (
        ("uq_machine_texts_message", "message_id", _OF_MESSAGE),
        ("uq_machine_texts_case", "case_id", _OF_CASE),
    ):
        op.create_index(
            name,
            "machine_texts",
            [column, "kind", "language"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    op.drop_index("uq_machine_texts_case", "machine_texts")
    op.drop_index("uq_machine_texts_message", "machine_texts")
    op.drop_column("saved_replies", "redactions")
