"""Store which thread message shows which audit entries of a case."""

from dataclasses import asdict

from sqlalchemy import Connection, bindparam, delete, select

from domain.records.audit import ThreadPost
from storage.dialects import upserts
from storage.tables import audit, thread_posts

_t = thread_posts.c
_ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(thread_posts).items()}
_GET = select(thread_posts).where(_t.case_id == bindparam("case_id"), _t.ts == bindparam("its_ts"))
_OF_CASE = select(thread_posts).where(_t.case_id == bindparam("its_case")).order_by(_t.first_audit_id)
_DELETE = delete(thread_posts).where(_t.case_id == bindparam("its_case"))
_about = (
    select(audit.c.id)
    .where(
        audit.c.case_id == _t.case_id,
        audit.c.message_id == bindparam("message_id"),
        audit.c.id.between(_t.first_audit_id, _t.last_audit_id),
    )
    .exists()
)
_ABOUT_MESSAGE = (
    select(thread_posts).where(_t.case_id == bindparam("case_id"), _about).order_by(_t.first_audit_id)
)


class ThreadPosts:
    """The thread messages of all cases, each with its range of audit entries."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, post: ThreadPost) -> None:
        """Insert a thread message; one that is stored already is not changed."""
        self._connection.execute(_ADD[self._connection.dialect.name], asdict(post))

    def get(self, case_id: int, ts: str) -> ThreadPost | None:
        """Return the case's thread message with this `ts`."""
        row = self._connection.execute(_GET, {"case_id": case_id, "its_ts": ts}).mappings().one_or_none()
        return None if row is None else ThreadPost(**row)

    def of_case(self, case_id: int) -> list[ThreadPost]:
        """Return the thread messages of a case, oldest first."""
        rows = self._connection.execute(_OF_CASE, {"its_case": case_id}).mappings()
        return [ThreadPost(**row) for row in rows]

    def take(self, case_id: int) -> list[ThreadPost]:
        """Remove the thread messages of a case, and return them."""
        posts = self.of_case(case_id)
        self._connection.execute(_DELETE, {"its_case": case_id})
        return posts

    def about_message(self, case_id: int, message_id: int) -> list[ThreadPost]:
        """Return the thread messages that show an audit entry about this message, oldest first."""
        rows = self._connection.execute(
            _ABOUT_MESSAGE, {"case_id": case_id, "message_id": message_id}
        ).mappings()
        return [ThreadPost(**row) for row in rows]
