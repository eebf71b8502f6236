"""Store the customers' ratings of ended conversations."""

from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, cast, func, select

from domain.chat.rating import Rating, Satisfaction
from storage.dialects import upserts
from storage.tables import ratings

_r = ratings.c
_SAVE = {
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
    """The ratings of all hand-offs, one each."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, rating: Rating) -> None:
        """Insert the rating, or replace the hand-off's earlier one."""
        row = {
            "handoff_id": rating.handoff_id,
            "case_id": rating.case_id,
            "solved": rating.solved,
            "comment": rating.comment,
            "at": rating.at,
        }
        self._connection.execute(_SAVE[self._connection.dialect.name], row)

    def of_handoff(self, handoff_id: int) -> Rating | None:
        """Return the hand-off's rating."""
        row = self._connection.execute(_GET, {"handoff_id": handoff_id}).one_or_none()
        if row is None:
            return None
        return Rating(
            handoff_id=row.handoff_id, case_id=row.case_id, solved=row.solved, comment=row.comment, at=row.at
        )

    def satisfaction(self, *, since: datetime) -> Satisfaction:
        """Count the ratings since `since`, and those that say solved."""
        rated, solved = self._connection.execute(_SATISFACTION, {"since": since}).one()
        return Satisfaction(solved=int(solved), rated=int(rated))
