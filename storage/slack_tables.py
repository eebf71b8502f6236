"""Define the tables of what Slack has sent, and of which channels the settings mean."""

from sqlalchemy import Column, Index, Table

from storage.tables import metadata
from storage.types import CleanText, UtcDateTime

#: The presses, submissions and commands that were handled, so that none is handled twice.
handled_requests = Table(
    "handled_requests",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("handled_at", UtcDateTime, nullable=False),
    Index("ix_handled_requests_at", "handled_at"),
)
#: The channel that a name in the settings meant when it was first looked up, and what was last told of it.
named_channels = Table(
    "named_channels",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("channel_id", CleanText, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("told", CleanText, nullable=False),
)
