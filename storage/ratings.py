"""What customers said of a conversation that ended."""

from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, cast, func, select

from domain.chat.rating import Rating, Satisfaction
from storage.dialects import upserts
from storage.tables import ratings

_r = ratings.c
_PUT = {
    name: insert.on_conflict_do_update(
        index_elements=["handoff_id"],
        set_={name: insert.excluded[name] for name in ("solved", "comment", "at")},
    )
    for name, insert in upserts(ratings).items()
}
_SATISFACTION = select(func.count(), func.coalesce(func.sum(cast(_r.solved, Integer)), 0)).where(
    _r.at >= bindparam("since")
)
_GET = select(ratings).where(_r.handoff_id == bindparam("handoff_id"))


class Ratings:
    """What customers said of a conversation that ended."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, rating: Rating) -> None:
        """Store it; a second one of the same hand-off takes the first one's place."""
        row = {
            "handoff_id": rating.handoff_id,
            "case_id": rating.case_id,
            "solved": rating.solved,
            "comment": rating.comment,
            "at": rating.at,
        }
        self._connection.execute(_PUT[self._connection.dialect.name], row)

    def of_handoff(self, handoff_id: int) -> Rating | None:
        """The one of a hand-off."""
        row = self._connection.execute(_GET, {"handoff_id": handoff_id}).one_or_none()
        if row is None:
            return None
        return Rating(
            handoff_id=row.handoff_id, case_id=row.case_id, solved=row.solved, comment=row.comment, at=row.at
        )

    def satisfaction(self, *, since: datetime) -> Satisfaction:
        """What those said who answered since `since`."""
        rated, solved = self._connection.execute(_SATISFACTION, {"since": since}).one()
        return Satisfaction(solved=int(solved), rated=int(rated))
