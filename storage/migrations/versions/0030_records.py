"""Chain the audit trail and refuse changes of it, and keep cases under legal hold.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_AT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
_UNCHAINED = sa.text("position IS NULL")

_FACTS = ("id", "at", "action", "case_id", "version", "message_id", "outage_id")
_ROW = (*_FACTS, "actor", "detail")
#: By dialect: a comparison that takes NULL for a value.
_SAME = {"sqlite": "NEW.{0} IS OLD.{0}", "postgresql": "NEW.{0} IS NOT DISTINCT FROM OLD.{0}"}
#: What may be updated: a row gets its place in the chain, or loses its content.
_AUDIT_RULE = (
    "(OLD.position IS NULL AND NEW.position IS NOT NULL AND {chained})"
    " OR (NEW.erased_at IS NOT NULL AND NEW.detail = '{{}}' AND {erased})"
)
_LINK_RULE = "NEW.salt IS NULL AND {kept}"


def upgrade() -> None:
    op.add_column("audit", sa.Column("position", sa.BigInteger, nullable=True))
    op.add_column("audit", sa.Column("erased_at", _AT, nullable=True))
    op.create_index(
        "ix_audit_unchained", "audit", ["id"], sqlite_where=_UNCHAINED, postgresql_where=_UNCHAINED
    )
    op.create_table(
        "audit_links",
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("audit_id", sa.BigInteger, nullable=False),
        sa.Column("salt", sa.Text),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("chain_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit_links"),
        sa.UniqueConstraint("audit_id", name="uq_audit_links_audit_id"),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", _ID, nullable=False, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("chain_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.CheckConstraint("id = 1", name="one"),
    )
    op.create_table(
        "legal_holds",
        sa.Column("case_id", _ID, nullable=False, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_by", sa.Text, nullable=False),
        sa.Column("placed_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_legal_holds"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_legal_holds_case_id"),
    )
    _protect("audit", _AUDIT_RULE.format(chained=_same("erased_at", *_ROW), erased=_same("position", *_FACTS)))
    _protect("audit_links", _LINK_RULE.format(kept=_same("position", "audit_id", "content_hash", "chain_hash")))


def downgrade() -> None:
    for table in ("audit", "audit_links"):
        _unprotect(table)
    for table in ("legal_holds", "audit_head", "audit_links"):
        op.drop_table(table)
    op.drop_index("ix_audit_unchained", "audit")
    op.drop_column("audit", "erased_at")
    op.drop_column("audit", "position")


def _same(*columns: str) -> str:
    return " AND ".join(_SAME[op.get_bind().dialect.name].format(column) for column in columns)


def _protect(table: str, rule: str) -> None:
    """Refuse deletes of the table's rows, and updates that do not keep to the rule."""
    refusal = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_updates BEFORE UPDATE ON {table} WHEN NOT ({rule}) "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_deletes BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_updates BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({rule})) "
        f"EXECUTE FUNCTION {table}_refuse()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_deletes BEFORE DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION {table}_refuse()"
    )


def _unprotect(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {table}_updates")
        op.execute(f"DROP TRIGGER {table}_deletes")
        return
    op.execute(f"DROP FUNCTION {table}_refuse() CASCADE")
