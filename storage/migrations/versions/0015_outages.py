"""Add outages, their notices and publications, and pauses of sending.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_PHASES = (
    "phase IN ('investigating', 'identified', 'monitoring', 'resolved', "
    "'scheduled', 'in_progress', 'completed')"
)


def upgrade() -> None:
    op.add_column("audit", sa.Column("outage_id", sa.BigInteger()))
    op.create_index(
        "ix_audit_outage",
        "audit",
        ["outage_id"],
        sqlite_where=sa.text("outage_id IS NOT NULL"),
        postgresql_where=sa.text("outage_id IS NOT NULL"),
    )
    op.create_table(
        "outages",
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("components", _JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("announced_at", _MOMENT),
        sa.Column("resolved_at", _MOMENT),
        sa.Column("resolved_by", sa.Text()),
        sa.Column("starts_at", _MOMENT),
        sa.Column("ends_at", _MOMENT),
        sa.Column("next_update_due", _MOMENT),
        sa.Column("board_channel", sa.Text()),
        sa.Column("board_ts", sa.Text()),
        sa.Column("board_digest", sa.Text()),
        sa.Column("spike_id", sa.BigInteger()),
        sa.Column("is_rehearsal", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('outage', 'maintenance')", name=op.f("ck_outages_kind")),
        sa.CheckConstraint("severity IN ('minor', 'major', 'critical')", name=op.f("ck_outages_severity")),
        sa.CheckConstraint(
            "state IN ('draft', 'announced', 'resolved', 'cancelled')", name=op.f("ck_outages_state")
        ),
        sa.CheckConstraint(_PHASES, name=op.f("ck_outages_phase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outages_state", "outages", ["state"])
    op.create_table(
        "notices",
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outage_id", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("versions", _JSON, nullable=False),
        sa.Column("texts", _JSON, nullable=False),
        sa.Column("authors", _JSON, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("next_update_due", _MOMENT),
        sa.Column("corrects", _ID),
        sa.Column("approved_by", sa.Text()),
        sa.Column("approved_at", _MOMENT),
        sa.Column("approved_digest", sa.Text()),
        sa.CheckConstraint(
            "kind IN ('announcement', 'update', 'resolution', 'reopening', 'correction')",
            name=op.f("ck_notices_kind"),
        ),
        sa.CheckConstraint(_PHASES, name=op.f("ck_notices_phase")),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'approved', 'withdrawn')", name=op.f("ck_notices_state")
        ),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_notices_outage_id")),
        sa.ForeignKeyConstraint(["corrects"], ["notices.id"], name=op.f("fk_notices_corrects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_outage", "notices", ["outage_id"])
    op.create_table(
        "publications",
        sa.Column("id", _ID, nullable=False),
        sa.Column("notice_id", _ID, nullable=False),
        sa.Column("outage_id", _ID, nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("data", _JSON, nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("sent_at", _MOMENT),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'failed', 'unsure', 'retracted')", name=op.f("ck_publications_state")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_publications_notice_id")),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_publications_outage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_publications_notice", "publications", ["notice_id", "destination", "language"], unique=True
    )
    op.create_index("ix_publications_outage", "publications", ["outage_id"])
    op.create_table(
        "pauses",
        sa.Column("id", _ID, nullable=False),
        sa.Column("in_force", sa.Integer()),
        sa.Column("paused_by", sa.Text(), nullable=False),
        sa.Column("paused_at", _MOMENT, nullable=False),
        sa.Column("holds_answers", sa.Boolean(), nullable=False),
        sa.Column("resumed_by", sa.Text()),
        sa.Column("resumed_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
        sa.UniqueConstraint("in_force", name=op.f("uq_pauses_in_force")),
    )


def downgrade() -> None:
    op.drop_table("pauses")
    op.drop_table("publications")
    op.drop_table("notices")
    op.drop_table("outages")
    op.drop_index("ix_audit_outage", "audit")
    op.drop_column("audit", "outage_id")
