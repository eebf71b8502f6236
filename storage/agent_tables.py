"""Define the table of agents in the rota."""

from sqlalchemy import Column, Table

from storage.tables import metadata
from storage.types import CleanText, UtcDateTime

#: Those who were given a case by the rota, or said that they are away.
agents = Table(
    "agents",
    metadata,
    Column("user_id", CleanText, primary_key=True),
    Column("assigned_at", UtcDateTime),
    Column("away_until", UtcDateTime),
)
