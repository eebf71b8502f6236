"""Count what the staffing outlook is computed from: messages by hour, who answered, how long answers took."""

from datetime import datetime

from sqlalchemy import Connection, func, literal_column, or_, select

from domain.cases.waits import WaitKind
from domain.records.audit import Action
from domain.venues import Venue
from storage.figure_conditions import is_inbound, is_mention, within
from storage.response_tables import responses
from storage.sql_functions import HourOf, SecondsBetween
from storage.tables import audit, cases, messages

_m, _r, _a = messages.c, responses.c, audit.c
_HOUR = HourOf(_m.created_at).label("hour")
_CLAIMS = [Action.CLAIMED.value, Action.TAKEN_OVER.value]


class OutlookFigures:
    """Counts of past work, by the hour."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first_case_at(self) -> datetime | None:
        """Return when the first case was opened: what was written before was read late, or not at all."""
        first: datetime | None = self._connection.scalar(select(func.min(cases.c.opened_at)))
        return first

    def messages(self, since: datetime, until: datetime) -> dict[int, int]:
        """Count by hour the mentions, and the private messages with which a wait began."""
        began_wait = (
            select(_r.id)
            .where(_r.case_id == _m.case_id, _r.asked_message_id == _m.id)
            .correlate(messages)
            .exists()
        )
        is_private = is_inbound & (_m.venue != literal_column(f"'{Venue.PUBLIC.value}'"))
        counts: dict[int, int] = {}
        for condition in (is_mention, is_private & began_wait):
            query = (
                select(_HOUR, func.count())
                .where(condition, within(_m.created_at, since, until))
                .group_by(_HOUR)
            )
            for hour, count in self._connection.execute(query):
                counts[hour] = counts.get(hour, 0) + int(count)
        return counts

    def waits(self, since: datetime, until: datetime) -> int:
        """Count the waits that began, without those that ended without an answer."""
        counts = (
            select(func.count()).where(
                _r.kind == literal_column(f"'{kind.value}'"),
                within(_r.asked_at, since, until),
                or_(_r.answered_at.is_not(None), _r.ended_at.is_(None)),
            )
            for kind in WaitKind
        )
        return sum(int(self._connection.scalar(query) or 0) for query in counts)

    def answerers(self, since: datetime, until: datetime) -> dict[int, frozenset[str]]:
        """Return by hour who answered a customer in it."""
        hour = HourOf(_r.answered_at).label("hour")
        query = (
            select(hour, _r.answered_by)
            .where(
                _r.answered_at.is_not(None), within(_r.answered_at, since, until), _r.answered_by.is_not(None)
            )
            .distinct()
        )
        found: dict[int, set[str]] = {}
        for number, person in self._connection.execute(query):
            found.setdefault(number, set()).add(person)
        return {number: frozenset(people) for number, people in found.items()}

    def handling_seconds(self, since: datetime, *, limit: int) -> list[int]:
        """Return how long the newest answers took whose writer had claimed the case before, since the claim.

        A case that is claimed by the answer itself tells nothing.
        """
        newest = (
            select(_r.case_id, _r.asked_at, _r.answered_by, _r.answered_message_id)
            .where(_r.answered_at.is_not(None), _r.answered_at >= since)
            .order_by(_r.answered_at.desc())
            .limit(limit)
            .subquery()
        )
        answer = messages.alias("answer")
        claimed_at = (
            select(func.max(_a.at))
            .where(
                _a.case_id == newest.c.case_id,
                _a.action.in_(_CLAIMS),
                _a.actor == newest.c.answered_by,
                _a.at >= newest.c.asked_at,
                _a.at < answer.c.created_at,
            )
            .correlate(newest, answer)
            .scalar_subquery()
        )
        query = select(SecondsBetween(claimed_at, answer.c.created_at)).join_from(
            newest, answer, answer.c.id == newest.c.answered_message_id
        )
        rows = self._connection.execute(query.where(claimed_at.is_not(None)))
        return [int(row[0]) for row in rows]
