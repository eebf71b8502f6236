"""Store issues in trackers, and the cases and causes that are linked to them.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tracker_issues",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tracker", sa.Text, nullable=False),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("thread_url", sa.Text, nullable=True),
        sa.Column("creation", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_name", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_issues")),
        sa.UniqueConstraint("reference", name=op.f("uq_tracker_issues_reference")),
    )
    op.create_index(
        "uq_tracker_issues_external",
        "tracker_issues",
        ["tracker", "external_id"],
        unique=True,
        sqlite_where=sa.text("external_id <> ''"),
        postgresql_where=sa.text("external_id <> ''"),
    )
    op.create_table(
        "issue_links",
        sa.Column("issue_id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("linked_by", sa.Text, nullable=False),
        sa.Column("linked_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("issue_id", "case_id", name=op.f("pk_issue_links")),
        sa.ForeignKeyConstraint(["issue_id"], ["tracker_issues.id"], name=op.f("fk_issue_links_issue_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_issue_links_case_id")),
    )
    op.create_index("ix_issue_links_case", "issue_links", ["case_id"])
    op.create_table(
        "cause_issues",
        sa.Column("cause_id", _ID, nullable=False),
        sa.Column("issue_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("cause_id", "issue_id", name=op.f("pk_cause_issues")),
        sa.ForeignKeyConstraint(["cause_id"], ["causes.id"], name=op.f("fk_cause_issues_cause_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["tracker_issues.id"], name=op.f("fk_cause_issues_issue_id")),
    )
    op.create_index("ix_cause_issues_issue", "cause_issues", ["issue_id"])


def downgrade() -> None:
    op.drop_table("cause_issues")
    op.drop_table("issue_links")
    op.drop_table("tracker_issues")
