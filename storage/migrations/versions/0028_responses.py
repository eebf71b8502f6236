"""Add the customers' waits for a person's answer, with those of the stored cases.

The waits of stored cases are found in their messages: what the rules read in a message is not asked again, and
reopenings are not looked up. Their seconds are those of the wall clock, as no office hours applied.

Types are spelled out, not imported from `storage`: a migration never changes, but the code around it does.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
_OPEN = sa.text("answered_at IS NULL AND ended_at IS NULL")
_BATCH = 1000

_MESSAGES = sa.text(
    "SELECT c.id AS case_id, c.state, c.waiting_since, c.first_reply_due, c.closed_at, m.id, m.direction,"
    " m.created_at, m.sent_at, m.sent_by, m.venue,"
    " EXISTS (SELECT 1 FROM handoffs h WHERE h.message_id = m.id) AS is_offer"
    " FROM cases c JOIN messages m ON m.case_id = c.id"
    " WHERE m.deleted_at IS NULL AND (m.direction = 'in' OR m.delivery = 'sent')"
    " ORDER BY c.id, m.id"
)
_COLUMNS = (
    "case_id",
    "kind",
    "asked_message_id",
    "asked_at",
    "due_at",
    "answered_message_id",
    "answered_at",
    "answered_by",
    "venue",
    "by_offer",
    "office_seconds",
    "ended_at",
    "end_reason",
)
_INSERT = sa.text(
    f"INSERT INTO responses ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})"
)


def upgrade() -> None:
    op.create_table(
        "responses",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked_message_id", sa.BigInteger()),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT),
        sa.Column("policy", sa.Text()),
        sa.Column("answered_message_id", sa.BigInteger()),
        sa.Column("answered_at", _MOMENT),
        sa.Column("answered_by", sa.Text()),
        sa.Column("venue", sa.Text()),
        sa.Column("by_offer", sa.Boolean(), nullable=False),
        sa.Column("office_seconds", sa.Float()),
        sa.Column("ended_at", _MOMENT),
        sa.Column("end_reason", sa.Text()),
        sa.Column("warned_at", _MOMENT),
        sa.Column("breached_at", _MOMENT),
        sa.Column("resolution_due_at", _MOMENT),
        sa.Column("resolution_policy", sa.Text()),
        sa.Column("resolution_warned_at", _MOMENT),
        sa.Column("resolution_breached_at", _MOMENT),
        sa.Column("check_at", _MOMENT),
        sa.CheckConstraint("kind IN ('first', 'next')", name=op.f("ck_responses_kind")),
        sa.CheckConstraint("venue IN ('public', 'dm', 'email', 'chat')", name=op.f("ck_responses_venue")),
        sa.CheckConstraint(
            "end_reason IN ('resolved', 'not_a_request', 'thanks', 'gone')",
            name=op.f("ck_responses_end_reason"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_responses_case_id")),
    )
    op.create_index("ix_responses_case", "responses", ["case_id"])
    op.create_index("ix_responses_asked", "responses", ["asked_at"])
    op.create_index(
        "uq_responses_open",
        "responses",
        ["case_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    is_checked = sa.text("check_at IS NOT NULL")
    op.create_index(
        "ix_responses_check",
        "responses",
        ["check_at"],
        sqlite_where=is_checked,
        postgresql_where=is_checked,
    )
    is_answered = sa.text("answered_at IS NOT NULL")
    op.create_index(
        "ix_responses_answered",
        "responses",
        ["answered_at"],
        sqlite_where=is_answered,
        postgresql_where=is_answered,
    )
    _fill(op.get_bind())
    # What was due once the customer had been answered was never shown.
    op.execute("UPDATE cases SET first_reply_due = NULL WHERE first_replied_at IS NOT NULL")
    op.drop_index("ix_cases_due", "cases")
    op.alter_column("cases", "first_reply_due", new_column_name="reply_due")
    _index_due("reply_due", "reply_due IS NOT NULL AND state = 'open'")
    op.add_column("cases", sa.Column("raised_at", _MOMENT))


def downgrade() -> None:
    op.drop_column("cases", "raised_at")
    op.drop_index("ix_cases_due", "cases")
    op.alter_column("cases", "reply_due", new_column_name="first_reply_due")
    _index_due("first_reply_due", "first_replied_at IS NULL AND state = 'open'")
    op.drop_table("responses")


def _index_due(column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index("ix_cases_due", "cases", [column], sqlite_where=where, postgresql_where=where)


def _fill(connection: sa.Connection) -> None:
    found = connection.execute(_MESSAGES, execution_options={"yield_per": _BATCH})
    rows: list[dict[str, object]] = []
    for _, of_case in groupby(found, key=lambda row: row.case_id):
        rows += _waits(list(of_case))
        if len(rows) >= _BATCH:
            connection.execute(_INSERT, rows)
            rows = []
    if rows:
        connection.execute(_INSERT, rows)


def _waits(messages: list[Any]) -> Iterator[dict[str, object]]:
    kind, asked = "first", None
    for message in messages:
        if message.direction == "in":
            asked = asked or message
        elif asked is not None:
            at = message.sent_at or message.created_at
            yield _row(
                asked,
                kind,
                at,
                answered_message_id=message.id,
                answered_at=at,
                answered_by=message.sent_by,
                venue=message.venue,
                by_offer=bool(message.is_offer),
            )
            kind, asked = "next", None
    if asked is None:
        return
    if asked.closed_at is not None:
        reason = "resolved" if asked.state == "resolved" else "not_a_request"
        yield _row(asked, kind, asked.closed_at, ended_at=asked.closed_at, end_reason=reason)
    elif asked.waiting_since is not None:
        yield _row(asked, kind, None, due_at=asked.first_reply_due if kind == "first" else None)


def _row(asked: Any, kind: str, until: object, **more: object) -> dict[str, object]:
    seconds = None
    if until is not None:
        seconds = max((_moment(until) - _moment(asked.created_at)).total_seconds(), 0.0)
    return (
        dict.fromkeys(_COLUMNS)
        | {
            "case_id": asked.case_id,
            "kind": kind,
            "asked_message_id": asked.id,
            "asked_at": asked.created_at,
            "by_offer": False,
            "office_seconds": seconds,
        }
        | more
    )


def _moment(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
