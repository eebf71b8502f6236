"""Count what reports show. Each statement reads only the rows of its period, by an index."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

import storage.figure_indexes  # noqa: F401 - what is read here goes by them
from domain.cases.case import CaseState
from domain.reports.figures import (
    Backlog,
    CaseGroup,
    DayFigures,
    HandoffFigures,
    SuggestionUse,
)
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Day, Period
from domain.reports.statistics import Sums
from domain.triage.situations import Situation
from domain.venues import Venue
from storage.figure_conditions import (
    chosen,
    count_if,
    during,
    is_inbound,
    is_mention,
    is_offered,
    listed_parts,
    of_chosen,
    span_of,
    within,
)
from storage.flood_tables import spend
from storage.knowledge_tables import reply_choices
from storage.sql_functions import RowOf
from storage.tables import cases, handoffs, messages, ratings

_k, _m, _h = cases.c, messages.c, handoffs.c


class FigureCounts:
    """Counts of a period, of the cases that filters choose."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def days(self, days: Sequence[Day], filters: Filters) -> list[DayFigures]:
        """Count mentions and opened cases of each day.

        By a subquery for each day, which reads its part of an index: a join would be sorted by day.
        """
        listed = listed_parts(days)
        summed = (func.count(_m.sentiment), func.sum(_m.sentiment), func.sum(_m.sentiment * _m.sentiment))
        mentions = (
            select(RowOf(func.count(), *summed))
            .where(is_mention, within(_m.created_at, listed.c.since, listed.c.until))
            .where(*of_chosen(_m.case_id, filters, span_of(days)))
        )
        opened = select(func.count()).where(
            within(_k.opened_at, listed.c.since, listed.c.until), *chosen(filters)
        )
        query = select(
            listed.c.number,
            mentions.correlate(listed).scalar_subquery(),
            opened.correlate(listed).scalar_subquery(),
        )
        found = {number: (counts, cases) for number, counts, cases in self._connection.execute(query)}
        return [_day_figures(day, *found[number]) for number, day in enumerate(days)]

    def private_messages(self, period: Period, filters: Filters) -> dict[Venue, int]:
        """Count what customers wrote in each private venue."""
        query = (
            select(_m.venue, func.count())
            .where(
                is_inbound,
                _m.venue != literal_column(f"'{Venue.PUBLIC.value}'"),
                *during(_m.created_at, period),
                *of_chosen(_m.case_id, filters, (period.since, period.until)),
            )
            .group_by(_m.venue)
        )
        return {Venue(venue): count for venue, count in self._connection.execute(query)}

    def people(self, period: Period, filters: Filters) -> int:
        """Count who wrote mentions."""
        authors = (
            select(_m.network, _m.author_id)
            .where(is_mention, *during(_m.created_at, period))
            .where(*of_chosen(_m.case_id, filters, (period.since, period.until)))
            .distinct()
            .subquery()
        )
        return int(self._connection.scalar(select(func.count()).select_from(authors)) or 0)

    def mentions_within(self, since: datetime, until: datetime, filters: Filters) -> int:
        """Count the mentions from one moment on and before another."""
        query = select(func.count()).where(
            is_mention,
            within(_m.created_at, since, until),
            *of_chosen(_m.case_id, filters, (since, until)),
        )
        return int(self._connection.scalar(query) or 0)

    def cases(self, period: Period, filters: Filters) -> int:
        """Count the opened cases."""
        query = select(func.count()).where(*during(_k.opened_at, period), *chosen(filters))
        return int(self._connection.scalar(query) or 0)

    def groups(self, period: Period, filters: Filters) -> list[CaseGroup]:
        """Count the opened cases of each situation, language and network."""
        columns = (_k.situation, _k.language, _k.network)
        query = (
            select(*columns, func.count())
            .where(*during(_k.opened_at, period), *chosen(filters))
            .group_by(*columns)
            .order_by(*columns)
        )
        return [
            CaseGroup(situation=situation, language=language, network=network, count=count)
            for situation, language, network, count in self._connection.execute(query)
        ]

    def suggestions(self, period: Period, filters: Filters) -> SuggestionUse:
        """Count what became of suggested saved replies."""
        c = reply_choices.c
        is_used = c.suggested == c.chosen
        query = select(
            count_if(is_used & c.is_edited.is_(False)),
            count_if(is_used & c.is_edited.is_(True)),
            count_if(c.suggested != c.chosen),
        ).where(c.suggested != "", *during(c.sent_at, period), *of_chosen(c.case_id, filters))
        as_it_was, edited, thrown_away = map(int, self._connection.execute(query).one())
        return SuggestionUse(as_it_was=as_it_was, edited=edited, thrown_away=thrown_away)

    def handoffs(self, period: Period, filters: Filters) -> HandoffFigures:
        """Count the hand-offs that were offered, those that arrived, and the resolved cases of these."""
        has_arrived = _h.arrived_at.is_not(None)
        query = (
            select(
                func.count(),
                count_if(has_arrived),
                count_if(has_arrived & (_k.state == CaseState.RESOLVED.value)),
            )
            .join_from(handoffs, cases, _k.id == _h.case_id)
            .where(*during(_h.offered_at, period), is_offered, *chosen(filters))
        )
        offered, arrived, resolved = map(int, self._connection.execute(query).one())
        return HandoffFigures(offered=offered, arrived=arrived, resolved=resolved)

    def ratings(self, period: Period, filters: Filters) -> tuple[int, int]:
        """Count the ratings, and those that say solved."""
        c = ratings.c
        query = select(func.count(), count_if(c.solved)).where(
            *during(c.at, period), *of_chosen(c.case_id, filters)
        )
        rated, solved = map(int, self._connection.execute(query).one())
        return rated, solved

    def spend(self, days: Sequence[Day], filters: Filters) -> dict[str, float]:
        """Add up what each network charged on these days, each as the day in UTC of the same date."""
        c = spend.c
        query = select(c.network, func.sum(c.cost)).where(c.day.in_([day.date.isoformat() for day in days]))
        if networks := filters.values.get(FilterKey.NETWORK):
            query = query.where(c.network.in_(networks))
        rows = self._connection.execute(query.group_by(c.network).order_by(c.network))
        return {network: float(cost) for network, cost in rows}

    def backlog(self, filters: Filters) -> Backlog:
        """Read since when the customers wait who wait for us now, the longest first."""
        query = select(_k.waiting_since).where(*_waits_for_us(filters)).order_by(_k.waiting_since)
        return Backlog(waiting=self._connection.scalars(query).all())

    def longest_waiting(self, filters: Filters) -> int | None:
        """Return the id of the case whose customer waits longest for us; `None` where nobody waits."""
        query = select(_k.id).where(*_waits_for_us(filters)).order_by(_k.waiting_since, _k.id).limit(1)
        return self._connection.scalar(query)


def _waits_for_us(filters: Filters) -> list[ColumnElement[bool]]:
    return [
        _k.state == CaseState.OPEN.value,
        _k.waiting_since.is_not(None),
        _k.situation != Situation.SPAM.value,
        *chosen(filters),
    ]


def _day_figures(day: Day, counts: Sequence[float | None], cases: int) -> DayFigures:
    mentions, count, total, squares = (number or 0 for number in counts)
    sentiment = Sums(int(count), total, squares)
    return DayFigures(date=day.date, mentions=int(mentions), cases=cases, sentiment=sentiment)
