"""Count what answers promised."""

from sqlalchemy import Connection, func, select

from domain.cases.promises import PromiseState
from domain.reports.figures import PromiseFigures
from domain.reports.filters import Filters
from domain.reports.periods import Period
from storage.figure_conditions import during, of_chosen
from storage.promise_tables import promises

_p = promises.c


class PromiseCounts:
    """Counts of promises in a period, of the cases that filters choose."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def promises(self, period: Period, filters: Filters) -> PromiseFigures:
        """Count what answers that were sent in the period promised, by what became of it."""
        query = (
            select(_p.state, func.count())
            .where(*during(_p.made_at, period), *of_chosen(_p.case_id, filters))
            .group_by(_p.state)
        )
        counts = {PromiseState(state): count for state, count in self._connection.execute(query)}
        return PromiseFigures(
            kept=counts.get(PromiseState.KEPT, 0),
            broken=counts.get(PromiseState.BROKEN, 0),
            open=counts.get(PromiseState.OPEN, 0),
        )
