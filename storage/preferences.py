"""Store what agents chose for what they alone see."""

from sqlalchemy import Connection, bindparam, select

from storage.dialects import upserts
from storage.tables import preferences

_p = preferences.c
_SAVE = {
    name: insert.on_conflict_do_update(
        index_elements=[_p.user_id], set_={"blur_abuse": insert.excluded.blur_abuse}
    )
    for name, insert in upserts(preferences).items()
}
_BLURS_ABUSE = select(_p.blur_abuse).where(_p.user_id == bindparam("its_user"))


class Preferences:
    """The preferences of agents, one row for each who chose something."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save_blur_abuse(self, user_id: str, *, blurs: bool) -> None:
        """Store whether abuse is blurred for the agent."""
        row = {"user_id": user_id, "blur_abuse": blurs}
        self._connection.execute(_SAVE[self._connection.dialect.name], row)

    def blur_abuse(self, user_id: str) -> bool | None:
        """Return whether abuse is blurred for the agent; `None` if they made no choice."""
        blurs = self._connection.scalar(_BLURS_ABUSE, {"its_user": user_id})
        return None if blurs is None else bool(blurs)
