"""Store what each notice states of its outage, and which form opened an outage.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("notices", sa.Column("facts", _JSON, nullable=True))
    op.add_column("outages", sa.Column("form_key", sa.Text, nullable=True))
    op.create_index("ix_outages_form_key", "outages", ["form_key"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_outages_form_key", "outages")
    op.drop_column("outages", "form_key")
    op.drop_column("notices", "facts")
