"""Store the sessions of live chats: the browsers in which one is open."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, update

from domain.chat.session import ChatSession
from storage.bulk_insert import BulkInsert
from storage.tables import chat_sessions
from storage.types import AnyRow

_s = chat_sessions.c
_INSERT = BulkInsert(chat_sessions)
_OF_HANDOFF = select(chat_sessions).where(_s.handoff_id == bindparam("handoff_id")).order_by(_s.id)
_shown = bindparam("shown", type_=_s.last_read_message_id.type)
_TOUCH = (
    update(chat_sessions)
    .where(_s.id == bindparam("session_id"))
    .values(
        last_seen_at=bindparam("now"),
        last_read_message_id=case((_s.last_read_message_id < _shown, _shown), else_=_s.last_read_message_id),
    )
)


class ChatSessions:
    """The sessions of all live chats."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, session: ChatSession) -> ChatSession:
        """Insert a session (its `id` is ignored) and return it with its id."""
        row = {
            "handoff_id": session.handoff_id,
            "secret_hash": session.secret_hash,
            "created_at": session.created_at,
            "last_seen_at": session.last_seen_at,
            "last_read_message_id": session.last_read_message_id,
        }
        [session_id] = _INSERT.add(self._connection, [row])
        return replace(session, id=session_id)

    def touch(self, session_id: int, *, now: datetime, message_id: int) -> None:
        """Update when the browser was last seen, and the newest of our messages that it shows.

        The latter never decreases.
        """
        self._connection.execute(_TOUCH, {"session_id": session_id, "now": now, "shown": message_id})

    def of_handoff(self, handoff_id: int) -> list[ChatSession]:
        """Return the hand-off's sessions, oldest first."""
        return [
            session_from(row) for row in self._connection.execute(_OF_HANDOFF, {"handoff_id": handoff_id})
        ]


def session_from(row: AnyRow) -> ChatSession:
    """Return the session of a row with all columns."""
    return ChatSession(
        id=row.id,
        handoff_id=row.handoff_id,
        secret_hash=row.secret_hash,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        last_read_message_id=row.last_read_message_id,
    )
