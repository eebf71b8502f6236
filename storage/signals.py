"""Send pub/sub wake-ups: PostgreSQL delivers them to the other processes with the commit."""

from sqlalchemy import Connection, bindparam, func, select

from storage.dialects import is_sqlite
from storage.late_transactions import WRITES

#: The channel that all processes listen on; the payload is the topic.
CHANNEL = "switchboard"
_NOTIFY = select(func.pg_notify(CHANNEL, bindparam("topic"))).execution_options(**WRITES)


class Signals:
    """Pub/sub wake-ups, in this process and in others. They carry no payload."""

    __slots__ = ("_connection", "_sent")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sent: frozenset[str] = frozenset()

    @property
    def sent(self) -> frozenset[str]:
        """The topics that this unit of work signals once it is committed."""
        return self._sent

    def send(self, topic: str) -> None:
        """Wake the listeners of `topic` once this unit of work is committed.

        Those in other processes are reached on PostgreSQL only.
        """
        if topic in self._sent:
            return
        self._sent |= {topic}
        if not is_sqlite(self._connection):
            self._connection.execute(_NOTIFY, {"topic": topic})
