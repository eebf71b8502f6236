"""Words for whoever waits for news: PostgreSQL carries them to the other copies of the bot with the commit."""

from sqlalchemy import Connection, bindparam, func, select

from storage.dialects import is_sqlite

#: The one channel that all copies listen on; the topic is what is said there.
CHANNEL = "switchboard"
_NOTIFY = select(func.pg_notify(CHANNEL, bindparam("topic")))


class Signals:
    """Words for whoever waits for news, in this process and in other copies of the bot: they wake, they never carry data."""

    __slots__ = ("_connection", "_sent")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sent: frozenset[str] = frozenset()

    @property
    def sent(self) -> frozenset[str]:
        """What this unit of work will have said."""
        return self._sent

    def send(self, topic: str) -> None:
        """Have those who listen for `topic` wake once this is committed; they may be in another process on PostgreSQL only."""
        if topic in self._sent:
            return
        self._sent |= {topic}
        if not is_sqlite(self._connection):
            self._connection.execute(_NOTIFY, {"topic": topic})
