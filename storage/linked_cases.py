"""Read what many linked cases have at once, in one statement each."""

from collections.abc import Collection, Sequence

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from domain.cases.messages import Direction
from storage.tables import messages

_m = messages.c
_among: BindParameter[Sequence[int]] = bindparam("case_ids", expanding=True)
_NEWEST = (
    select(_m.case_id, func.max(_m.id).label("newest"))
    .where(_m.case_id.in_(_among), _m.direction == Direction.IN.value)
    .group_by(_m.case_id)
)


class LinkedCases:
    """The cases that are linked to an outage, with what decides about them."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest_message_ids(self, case_ids: Collection[int]) -> dict[int, int]:
        """Return the id of the customer's newest message by case."""
        rows = self._connection.execute(_NEWEST, {"case_ids": list(case_ids)})
        return {row.case_id: row.newest for row in rows}
