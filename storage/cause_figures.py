"""Count the cases of causes, and find those whose customers wait."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, column, exists, func, select, true, values

from domain.cases.case import CaseState
from domain.causes.membership import CAUSELESS
from domain.reports.filters import Filters
from storage.cause_tables import cause_cases, causes
from storage.figure_conditions import of_chosen, within
from storage.tables import cases
from storage.types import UtcDateTime

_c, _j, _k = causes.c, cause_cases.c, cases.c
BELONGS = _j.belongs.is_(True)
#: Thanks wait for nobody, though a case that ends with them is open until somebody closes it.
_waits = (
    _k.state == CaseState.OPEN.value,
    _k.waiting_since.is_not(None),
    _k.situation.not_in(sorted(CAUSELESS)),
)
# From the cases that wait, which are few: SQLite would read all that ever belonged to the cause.
WAITING = select(cases).where(
    *_waits,
    exists().where(_j.cause_id == bindparam("its_cause"), _j.case_id == _k.id, BELONGS),
)
COUNT_WAITING = (
    select(_j.cause_id, func.count())
    .join_from(cases, cause_cases, _j.case_id == _k.id)
    .where(*_waits, BELONGS)
    .group_by(_j.cause_id)
)


def counts_within(
    connection: Connection,
    cause_ids: Sequence[int],
    spans: Sequence[tuple[datetime, datetime]],
    filters: Filters,
) -> dict[int, list[int]]:
    """Count the cases of each cause in each of these times, by the cause's id."""
    counted = {cause_id: [0] * len(spans) for cause_id in cause_ids}
    if not spans or not cause_ids:
        return counted
    columns = column("number", Integer), column("since", UtcDateTime), column("until", UtcDateTime)
    rows = [(number, since, until) for number, (since, until) in enumerate(spans)]
    listed = values(*columns, name="listed").data(rows).cte("listed")
    found = (
        select(func.count())
        .where(
            _j.cause_id == _c.id,
            BELONGS,
            within(_j.at, listed.c.since, listed.c.until),
            *of_chosen(_j.case_id, filters),
        )
        .correlate(listed, causes)
        .scalar_subquery()
    )
    query = (
        select(_c.id, listed.c.number, found)
        .select_from(listed.join(causes, true()))
        .where(_c.id.in_(cause_ids))
    )
    for cause_id, number, count in connection.execute(query):
        counted[cause_id][number] = int(count)
    return counted
