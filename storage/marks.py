"""Store which database this is, when the desk opens and how clocks differ, and try to write."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, select

from storage.dialects import is_sqlite, upserts
from storage.mark_tables import marks
from storage.types import UtcDateTime

DATABASE, TRIED, OPENING, ERASED = "database", "tried", "opening", "erased"
_ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(marks).items()}
_SET = {
    name: insert.on_conflict_do_update(
        index_elements=["name"], set_={"value": insert.excluded.value, "at": insert.excluded.at}
    )
    for name, insert in upserts(marks).items()
}
_GET = select(marks.c.value).where(marks.c.name == bindparam("its_name"))
_GET_MOMENT = select(marks.c.at).where(marks.c.name == bindparam("its_name"))
#: Before the name of the copy whose clock it is.
CLOCK = "clock:"
#: How long after it was told a copy's clock counts, by the database's.
CLOCK_KEPT = timedelta(seconds=60)
_TIME = select(func.clock_timestamp(type_=UtcDateTime))
_CLOCKS = select(marks.c.value).where(
    marks.c.name.startswith(CLOCK, autoescape=True), marks.c.name != bindparam("its_name")
)
_FORGET_CLOCKS = delete(marks).where(
    marks.c.name.startswith(CLOCK, autoescape=True), marks.c.at < bindparam("before", type_=UtcDateTime)
)
_RECENT_CLOCKS = select(marks.c.value).where(
    marks.c.name.startswith(CLOCK, autoescape=True), marks.c.at >= bindparam("before", type_=UtcDateTime)
)
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

    def count_erasure(self, now: datetime) -> None:
        """Count a customer who is erased or a post that is redacted. The caller holds `SavedReplies.lock`."""
        row = {"name": ERASED, "value": str(self.erasures() + 1), "at": now}
        self._connection.execute(_SET[self._connection.dialect.name], row)

    def erasures(self) -> int:
        """Return how many customers were erased and posts redacted."""
        return int(self._connection.scalar(_GET, {"its_name": ERASED}) or 0)

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

    def server_time(self) -> datetime | None:
        """Return the time by PostgreSQL's clock, which all copies share; `None` on SQLite: one copy."""
        if is_sqlite(self._connection):
            return None
        found: datetime | None = self._connection.scalar(_TIME)
        return found

    def compare_clocks(self, owner: str, ahead: timedelta) -> list[timedelta]:
        """Store by how much a copy's clock is ahead of PostgreSQL's; return that of the others of late."""
        now = self.server_time()
        if now is None:
            return []
        row = {"name": f"{CLOCK}{owner}", "value": str(ahead.total_seconds()), "at": now}
        self._connection.execute(_SET[self._connection.dialect.name], row)
        self._connection.execute(_FORGET_CLOCKS, {"before": now - CLOCK_KEPT})
        others = self._connection.scalars(_CLOCKS, {"its_name": row["name"]})
        return [timedelta(seconds=float(value)) for value in others]

    def clocks(self) -> list[timedelta]:
        """Return by how much the clock of each copy is ahead of PostgreSQL's, of those that ran of late."""
        now = self.server_time()
        if now is None:
            return []
        steps = self._connection.scalars(_RECENT_CLOCKS, {"before": now - CLOCK_KEPT})
        return [timedelta(seconds=float(value)) for value in steps]
