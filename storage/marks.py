"""Store which database this is and until when the desk is closed, and try whether it can be written."""

import uuid
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from storage.dialects import upserts
from storage.mark_tables import marks

DATABASE, TRIED, OPENING = "database", "tried", "opening"
_ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(marks).items()}
_SET = {
    name: insert.on_conflict_do_update(
        index_elements=["name"], set_={"value": insert.excluded.value, "at": insert.excluded.at}
    )
    for name, insert in upserts(marks).items()
}
_GET = select(marks.c.value).where(marks.c.name == bindparam("its_name"))
_GET_MOMENT = select(marks.c.at).where(marks.c.name == bindparam("its_name"))
_DELETE = delete(marks).where(marks.c.name == bindparam("its_name"))


class Marks:
    """The marks of a database."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def database_id(self, now: datetime) -> str:
        """Return which database this is; a new id where it has none."""
        found: str | None = self._connection.scalar(_GET, {"its_name": DATABASE})
        if found is not None:
            return found
        row = {"name": DATABASE, "value": uuid.uuid4().hex, "at": now}
        self._connection.execute(_ADD[self._connection.dialect.name], row)
        return self.database_id(now)

    def try_to_write(self, by: str, now: datetime) -> None:
        """Write a row, which fails where nothing can be written."""
        row = {"name": TRIED, "value": by, "at": now}
        self._connection.execute(_SET[self._connection.dialect.name], row)

    def opening(self) -> datetime | None:
        """Return when the desk was to open next, as it was stored; `None` where it was open."""
        found: datetime | None = self._connection.scalar(_GET_MOMENT, {"its_name": OPENING})
        return found

    def set_opening(self, opens_at: datetime | None) -> None:
        """Store when the desk opens next; `None` while it is open."""
        if opens_at is None:
            self._connection.execute(_DELETE, {"its_name": OPENING})
            return
        row = {"name": OPENING, "value": "", "at": opens_at}
        self._connection.execute(_SET[self._connection.dialect.name], row)
