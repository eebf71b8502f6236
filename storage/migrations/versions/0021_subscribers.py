"""Add the e-mail list: subscribers, mailings of notices to them, and each mail.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text()),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("asked", _JSON),
        sa.Column("asked_at", _MOMENT),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("confirmed_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("soft_bounces", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed', 'unsubscribed', 'bounced', 'complained')",
            name=op.f("ck_subscribers_state"),
        ),
        sa.CheckConstraint("source IN ('page', 'import')", name=op.f("ck_subscribers_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address", name=op.f("uq_subscribers_address")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscribers_state", "subscribers", ["state", "id"])
    op.create_table(
        "mailings",
        sa.Column("publication_id", _ID, nullable=False),
        sa.Column("outage_id", _ID, nullable=False),
        sa.Column("components", _JSON, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_mailings_publication_id")
        ),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_mailings_outage_id")),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_mailings")),
    )
    op.create_index("ix_mailings_outage", "mailings", ["outage_id"])
    op.create_table(
        "notice_mails",
        sa.Column("id", _ID, nullable=False),
        sa.Column("publication_id", _ID, nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT),
        sa.Column("reason", sa.Text()),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'unsure', 'refused', 'bounced', 'dropped')",
            name=op.f("ck_notice_mails_state"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["mailings.publication_id"], name=op.f("fk_notice_mails_publication_id")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_notice_mails_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notice_mails_message_id")),
        sa.UniqueConstraint(
            "publication_id", "subscriber_id", name=op.f("uq_notice_mails_publication_id_subscriber_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_mails_state", "notice_mails", ["publication_id", "state"])


def downgrade() -> None:
    op.drop_table("notice_mails")
    op.drop_table("mailings")
    op.drop_table("subscribers")
