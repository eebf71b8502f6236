"""Count the open cases by who has them, and by urgency and age, each group with its oldest case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, tuple_

from domain.cases.case import Case, CaseState
from domain.reports.team import HeldCases, RankWaiting
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from storage.agent_tables import agents
from storage.case_rows import case_from
from storage.figure_conditions import count_if
from storage.tables import cases

_k, _a = cases.c, agents.c
_is_open = _k.state == CaseState.OPEN.value
_is_waiting = and_(_k.waiting_since.is_not(None), _k.situation != Situation.SPAM.value)
#: Since when the customer waits or, where nothing is unanswered, since the last message.
_SINCE = func.coalesce(_k.waiting_since, _k.last_message_at, type_=_k.waiting_since.type)


class TeamFigures:
    """Counts of the open cases."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, older_than: Sequence[datetime]) -> list[RankWaiting]:
        """Count the cases whose customers wait by urgency, the highest first.

        `older_than` are the moments that divide the ages, the newest first: counted is what waits since a
        later moment than the first, between each and the next, and since the last or before.
        """
        older = (count_if(_k.waiting_since <= moment) for moment in older_than)
        query = (
            select(_k.urgency, func.min(_k.waiting_since), func.count(), *older)
            .where(_is_open, _is_waiting)
            .group_by(_k.urgency)
            .order_by(_k.urgency.desc())
        )
        rows = self._connection.execute(query).all()
        oldest = self._oldest(_k.urgency, {row[0]: row[1] for row in rows}, _is_waiting)
        return [
            RankWaiting(
                urgency=Urgency(urgency),
                counts=[int(one - next_one) for one, next_one in pairwise([*at_least, 0])],
                oldest=oldest[urgency],
            )
            for urgency, _, *at_least in rows
        ]

    def held(self, *, limit: int) -> tuple[list[HeldCases], int]:
        """Return who has open cases, those with most first, and how many people have any."""
        many = func.count().label("many")
        people = func.count().over().label("people")
        query = (
            select(_k.claimed_by, func.min(_SINCE).label("since"), many, people)
            .where(_is_open, _k.claimed_by.is_not(None))
            .group_by(_k.claimed_by)
            .order_by(many.desc(), _k.claimed_by)
            .limit(limit)
        )
        rows = self._connection.execute(query).all()
        oldest = self._oldest(_k.claimed_by, {row.claimed_by: row.since for row in rows})
        held = [
            HeldCases(user_id=row.claimed_by, count=int(row.many), oldest=oldest[row.claimed_by])
            for row in rows
        ]
        return held, int(rows[0].people) if rows else 0

    def away(self, now: datetime) -> dict[str, datetime]:
        """Return until when those are away who said so."""
        query = select(_a.user_id, _a.away_until).where(_a.away_until > now).order_by(_a.user_id)
        return {row.user_id: row.away_until for row in self._connection.execute(query)}

    def _oldest(
        self, key: ColumnElement[Any], since: Mapping[Any, datetime], *conditions: ColumnElement[bool]
    ) -> dict[Any, Case]:
        """Return the open case of each group that is as old as this; of several, the first."""
        if not since:
            return {}
        matching = tuple_(key, _SINCE).in_(list(since.items()))
        # Not sorted here: SQLite would read all cases by their ids.
        rows = self._connection.execute(
            select(cases, key.label("its_key")).where(_is_open, matching, *conditions)
        )
        found = {row.id: (row.its_key, case_from(row)) for row in rows}
        return dict(found[case_id] for case_id in sorted(found, reverse=True))
