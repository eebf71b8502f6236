"""Define the tables of flood mode, and of what is spent on the networks."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, Table, Text, text

from domain.surge.flood import Holding
from storage.tables import Id, cases, metadata
from storage.types import CleanText, UtcDateTime

floods = Table(
    "floods",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", CleanText, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("calm_since", UtcDateTime),
    Column("mentions", Integer, nullable=False),
    Column("urgent", Integer, nullable=False),
    Column("holds", Text, nullable=False, server_default=Holding.ALL.value),
)
# One flood of a channel at a time.
Index(
    "uq_floods_channel",
    floods.c.channel,
    unique=True,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)
Index(
    "ix_floods_open",
    floods.c.id,
    sqlite_where=text("closed_at IS NULL"),
    postgresql_where=text("closed_at IS NULL"),
)

# Not columns of `floods`: an intake holds the flood's row and then writes the outbox, and whoever settles the
# board's row of the outbox then writes this one. In one table, the two would wait for each other.
flood_boards = Table(
    "flood_boards",
    metadata,
    Column("flood_id", ForeignKey(floods.c.id), primary_key=True),
    Column("channel", CleanText, nullable=False),
    Column("ts", CleanText, nullable=False),
    Column("digest", CleanText, nullable=False),
    Column("edited_at", UtcDateTime, nullable=False),
)

#: The posts that arrived in each second of a flood.
flood_arrivals = Table(
    "flood_arrivals",
    metadata,
    Column("flood_id", ForeignKey(floods.c.id), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("mentions", Integer, nullable=False),
)

#: The active cases that have no card because their channel was flooded.
held_cards = Table(
    "held_cards",
    metadata,
    Column("case_id", ForeignKey(cases.c.id), primary_key=True),
    Column("channel", CleanText, nullable=False),
    Column("held_at", UtcDateTime, nullable=False),
    Index("ix_held_cards_channel", "channel"),
)

spend = Table(
    "spend",
    metadata,
    Column("day", Text, primary_key=True),
    Column("network", Text, primary_key=True),
    Column("act", Text, primary_key=True),
    Column("times", BigInteger, nullable=False),
    Column("cost", Float, nullable=False),
)
