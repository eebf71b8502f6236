"""Define the tables of surges: hourly counts of posts, and spikes."""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text, false

from domain.surge.spikes import SpikeState
from storage.tables import Id, cases, messages, metadata, one_of
from storage.types import CleanText, UtcDateTime, json_type

# By hour number (`domain.surge.baseline.hour_number`). A series without a post has a row, too: an hour
# without a row is not known.
arrival_counts = Table(
    "arrival_counts",
    metadata,
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("series", CleanText, primary_key=True),
    Column("authors", Integer, nullable=False),
)

spikes = Table(
    "spikes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("series", CleanText, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("window_seconds", BigInteger, nullable=False),
    Column("authors", Integer, nullable=False),
    Column("expected", Float, nullable=False),
    Column("log_p", Float, nullable=False),
    # The keys of the series that rose with it.
    Column("related", json_type(), nullable=False),
    Column("told_count", Integer, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("dismissed_by", CleanText),
    Column("dismissed_at", UtcDateTime),
    Column("channel", CleanText),
    Column("ts", CleanText),
    Column("outage_id", BigInteger),
    Column("attributed_by", CleanText),
    Column("compared_id", BigInteger, nullable=False, server_default="0"),
    Column("is_unfollowed", Boolean, nullable=False, server_default=false()),
    one_of("state", SpikeState),
    Index("ix_spikes_found", "found_at"),
    sqlite_autoincrement=True,
)

# The cases with a post in a spike, and their first such post.
spike_cases = Table(
    "spike_cases",
    metadata,
    Column("spike_id", ForeignKey(spikes.c.id), primary_key=True, autoincrement=False),
    Column("case_id", ForeignKey(cases.c.id), primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Index("ix_spike_cases_case", "case_id"),
)

# Which post a customer's post quotes; no row for one that quotes none.
message_quotes = Table(
    "message_quotes",
    metadata,
    Column("message_id", ForeignKey(messages.c.id), primary_key=True, autoincrement=False),
    Column("quoted_id", CleanText, nullable=False),
)
