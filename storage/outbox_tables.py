"""Define the tables of the outbox: its rows, and the pace of each destination."""

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Float, Index, Integer, Table, Text, text

from domain.delivery.effect import Safety
from storage.tables import Id, metadata, one_of, rows_where
from storage.types import CleanText, UtcDateTime, json_type

QUEUED, SENDING, SENT, FAILED, UNSURE = OUTBOX_STATES = ("queued", "sending", "sent", "failed", "unsure")

# Ids are never reused (`sqlite_autoincrement`): the tokens by which our posts are found again contain them.
# `settled_at` is set exactly in the states sent and failed, so that "unsettled" is one simple condition.
# `claimed_generation` is the generation of the newest try; where it is below `generation`, the effect was
# requested again meanwhile. `waits_since` is when `due_at` was set; `created_at` where it is NULL.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", CleanText, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("payload", json_type(), nullable=False),
    Column("safety", Text, nullable=False),
    Column("coalesce", Boolean, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("priority", Float, nullable=False),
    Column("destination", CleanText, nullable=False),
    Column("stream", CleanText, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", UtcDateTime),
    Column("waits_since", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("claimed_generation", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("checks", Integer, nullable=False),
    Column("reconciling", Boolean, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("first_tried_at", UtcDateTime),
    Column("send_started_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("owner", CleanText),
    Column("settled_at", UtcDateTime),
    Column("note", CleanText),
    Column("result", json_type()),
    one_of("state", OUTBOX_STATES),
    one_of("safety", Safety),
    CheckConstraint("(settled_at IS NOT NULL) = (state IN ('sent', 'failed'))", name="settled"),
    CheckConstraint("(lease_until IS NOT NULL) = (state = 'sending')", name="leased"),
    CheckConstraint("due_at IS NOT NULL OR state <> 'queued'", name="due"),
    sqlite_autoincrement=True,
)
_UNSETTLED: dict[str, Any] = {
    "sqlite_where": text("settled_at IS NULL"),
    "postgresql_where": text("settled_at IS NULL"),
}
_SETTLED: dict[str, Any] = {
    "sqlite_where": text("settled_at IS NOT NULL"),
    "postgresql_where": text("settled_at IS NOT NULL"),
}
Index(
    "ix_outbox_destination",
    outbox.c.destination,
    outbox.c.lane,
    outbox.c.priority.desc(),
    outbox.c.id,
    **_UNSETTLED,
)
Index("ix_outbox_stream", outbox.c.stream, outbox.c.id, outbox.c.state, outbox.c.settled_at, **_UNSETTLED)
Index("ix_outbox_leased", outbox.c.lease_until, **rows_where("state = 'sending'"))
Index("ix_outbox_unsure", outbox.c.due_at, **rows_where("state = 'unsure'"))
Index("ix_outbox_settled", outbox.c.settled_at, outbox.c.state, **_SETTLED)

# `next_at` is the theoretical arrival time (TAT) of the pace's GCRA. `free_at` is `next_at` less the burst:
# when the next effect may be sent. `paced_at` is when these and `paused_until` were last set.
destinations = Table(
    "destinations",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("next_at", UtcDateTime),
    Column("free_at", UtcDateTime),
    Column("paused_until", UtcDateTime),
    Column("paced_at", UtcDateTime),
)
