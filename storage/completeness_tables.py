"""Define the tables of what networks listed, and of the posts that could not be read."""

from sqlalchemy import Column, Index, Integer, Table, Text

from storage.tables import metadata
from storage.types import CleanText, UtcDateTime

mention_days = Table(
    "mention_days",
    metadata,
    Column("day", Text, primary_key=True),
    Column("network", Text, primary_key=True),
    Column("account_id", CleanText, primary_key=True),
    Column("looked_from", UtcDateTime, nullable=False),
    Column("looked_until", UtcDateTime, nullable=False),
    Column("listed", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    Column("reread_from", UtcDateTime),
)

unreadable_posts = Table(
    "unreadable_posts",
    metadata,
    Column("network", Text, primary_key=True),
    Column("account_id", CleanText, primary_key=True),
    Column("post_id", CleanText, primary_key=True),
    Column("day", Text, nullable=False),
    Index("ix_unreadable_posts_day", "day", "network"),
)
