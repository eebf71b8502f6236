"""Read a live chat by few questions: each page that shows one looks every few seconds."""

from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Table, bindparam, exists, select, union_all

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.chat.session import ChatSession
from domain.handoffs.handoff import Handoff
from storage.cases import Cases
from storage.chat_sessions import session_from
from storage.handoffs import handoff_from
from storage.messages import message_from, sent_unseen
from storage.tables import cases, chat_sessions, handoffs, messages, ratings, transcripts
from storage.types import AnyRow

_PARTS = (chat_sessions, handoffs, cases)
_BY_SECRET = (
    select(
        *_PARTS,
        exists().where(ratings.c.handoff_id == handoffs.c.id),
        exists().where(transcripts.c.handoff_id == handoffs.c.id),
    )
    .select_from(
        chat_sessions.join(handoffs, handoffs.c.id == chat_sessions.c.handoff_id).join(
            cases, cases.c.id == handoffs.c.case_id
        )
    )
    .where(chat_sessions.c.secret_hash == bindparam("secret"))
)
_newer, _late = messages.alias("newer"), messages.alias("late")
_after: BindParameter[int] = bindparam("after_id")
_newer_ids = (
    select(_newer.c.id)
    .where(_newer.c.case_id == bindparam("case_id"), _newer.c.id > _after)
    .order_by(_newer.c.id)
    .limit(bindparam("most"))
    .subquery()
)
_late_ids = select(_late.c.id).where(
    *sent_unseen(_late), _late.c.sent_at > _late.c.created_at, _late.c.id <= _after
)
_SINCE = (
    select(messages)
    .where(messages.c.id.in_(union_all(select(_newer_ids.c.id), _late_ids)))
    .order_by(messages.c.id)
)


class Conversation(NamedTuple):
    """A session with what it belongs to."""

    session: ChatSession
    handoff: Handoff
    case: Case
    has_ratings: bool
    has_transcripts: bool


class Conversations:
    """The conversations of live chats."""

    __slots__ = ("_cases", "_connection")

    def __init__(self, connection: Connection, cases: Cases) -> None:
        self._connection = connection
        self._cases = cases

    def by_secret(self, secret_hash: str) -> Conversation | None:
        """Return that of the session whose cookie has this SHA-256 hash, in hexadecimal."""
        row = self._connection.execute(_BY_SECRET, {"secret": secret_hash}).one_or_none()
        if row is None:
            return None
        session, handoff, case = _parts_of(row)
        return Conversation(
            session_from(session), handoff_from(handoff), self._cases.read(case), bool(row[-2]), bool(row[-1])
        )

    def messages_since(
        self, case_id: int, handoff_id: int, after: int, *, limit: int
    ) -> tuple[list[Message], list[Message]]:
        """Return what a reader who has read up to the id `after` does not know: late ones, and newer ones.

        Late are our messages of this hand-off with a lower id that were sent after they were written and that
        nobody has seen. Of the newer ones of the case, at most `limit`. Both are by id.
        """
        values = {"case_id": case_id, "handoff_id": handoff_id, "after_id": after, "most": limit}
        found = [message_from(row) for row in self._connection.execute(_SINCE, values)]
        return [one for one in found if one.id <= after], [one for one in found if one.id > after]


def _parts_of(row: AnyRow) -> list[Any]:
    """Return the row's columns by table; their names would clash in one row."""
    parts: list[Any] = []
    start = 0
    for table in _PARTS:
        names = _names(table)
        parts.append(SimpleNamespace(**dict(zip(names, row[start : start + len(names)], strict=True))))
        start += len(names)
    return parts


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]
