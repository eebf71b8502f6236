"""Store what is spent on the networks, by day, network and act."""

from sqlalchemy import Connection, bindparam, func, select

from domain.surge.spending import Spent
from storage.dialects import upserts
from storage.flood_tables import spend

_s = spend.c
_ADD = {
    name: insert.on_conflict_do_update(
        index_elements=[_s.day, _s.network, _s.act],
        set_={"times": _s.times + insert.excluded.times, "cost": _s.cost + insert.excluded.cost},
    )
    for name, insert in upserts(spend).items()
}
_OF_DAY = select(spend).where(_s.day == bindparam("day")).order_by(_s.network, _s.cost.desc(), _s.act)
_COST = select(func.coalesce(func.sum(_s.cost), 0.0)).where(
    _s.day == bindparam("day"), _s.network == bindparam("network")
)


class Spending:
    """What is spent on the networks."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, day: str, spent: Spent) -> None:
        """Add to what was spent on an act in a day."""
        row = {
            "day": day,
            "network": spent.network,
            "act": spent.act,
            "times": spent.count,
            "cost": spent.cost,
        }
        self._connection.execute(_ADD[self._connection.dialect.name], row)

    def of_day(self, day: str) -> list[Spent]:
        """Return what was spent in a day, by network, the largest cost first."""
        return [
            Spent(network=row.network, act=row.act, count=row.times, cost=row.cost)
            for row in self._connection.execute(_OF_DAY, {"day": day})
        ]

    def cost(self, day: str, network: str) -> float:
        """Return the US dollars that were spent on a network in a day."""
        return float(self._connection.scalar(_COST, {"day": day, "network": network}) or 0.0)
