"""Store which proposals of saved replies a person has dismissed."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.knowledge_tables import dismissed_proposals

_ADD = insert(dismissed_proposals)
_KEYS = select(dismissed_proposals.c.key)


class DismissedProposals:
    """The keys of the proposals that are not shown any more."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, key: str, *, user_id: str, at: datetime) -> None:
        """Insert a key that is not there yet."""
        self._connection.execute(_ADD, {"key": key, "dismissed_by": user_id, "dismissed_at": at})

    def keys(self) -> frozenset[str]:
        """Return all keys."""
        return frozenset(self._connection.scalars(_KEYS))
