"""Read what reports show beside counts: what notices did, and example cases of what got worse."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from domain.outages.notices import PublicationState
from domain.outages.subscribers import EMAIL_LIST
from domain.reports.changes import Change, ChangeKind
from domain.reports.figures import AROUND_NOTICE, MAX_NOTICES, STILL_BROKEN_WITHIN, NoticeEffect, Reached
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Day, Period
from storage.figure_conditions import chosen, during, is_mention, listed_parts, of_chosen, within
from storage.figures import FigureCounts
from storage.outage_tables import outages, publications
from storage.response_tables import responses
from storage.sql_functions import SecondsBetween
from storage.subscriber_tables import mailings
from storage.tables import cases, messages

_k, _m, _r, _p = cases.c, messages.c, responses.c, publications.c


class FigureDetails:
    """What notices did, and example cases."""

    __slots__ = ("_connection", "_counts")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._counts = FigureCounts(connection)

    def notices(self, period: Period, filters: Filters, *, now: datetime) -> list[NoticeEffect]:
        """Return the newest notices that were sent in the period, the oldest of them first."""
        mailed = func.sum(mailings.c.total)
        query = (
            select(_p.notice_id, outages.c.title, func.min(_p.sent_at), mailed)
            .join_from(publications, outages, outages.c.id == _p.outage_id)
            .outerjoin(mailings, mailings.c.publication_id == _p.id)
            .where(
                *during(_p.sent_at, period),
                _p.state == PublicationState.SENT.value,
                outages.c.is_rehearsal.is_(False),
            )
            .group_by(_p.notice_id, _p.outage_id, outages.c.title)
            .order_by(func.min(_p.sent_at).desc())
            .limit(MAX_NOTICES)
        )
        if outage_ids := filters.values.get(FilterKey.OUTAGE):
            query = query.where(_p.outage_id.in_(map(int, outage_ids)))
        return [
            NoticeEffect(
                title=title,
                sent_at=at,
                before=self._mentions(at - AROUND_NOTICE, filters),
                after=self._mentions(at, filters) if at + AROUND_NOTICE <= now else None,
                mailed=None if count is None else int(count),
                reached=self._reached(notice_id),
            )
            for notice_id, title, at, count in reversed(self._connection.execute(query).all())
        ]

    def _reached(self, notice_id: int) -> tuple[Reached, ...]:
        """Return whom the notice's destinations reached, apart from mails, which are counted.

        Posts of the same notice in several languages reach the same people.
        """
        query = (
            select(_p.destination, func.max(_p.audience), func.max(_p.audience_unit))
            .where(
                _p.notice_id == notice_id,
                _p.state == PublicationState.SENT.value,
                _p.audience.is_not(None),
                _p.destination != EMAIL_LIST,
            )
            .group_by(_p.destination)
            .order_by(_p.destination)
        )
        return tuple(
            Reached(name, int(count), unit or "") for name, count, unit in self._connection.execute(query)
        )

    def situations(self, parts: Sequence[Day], filters: Filters) -> dict[str, list[int]]:
        """Count the cases of each situation that were opened in each part of a period."""
        listed = listed_parts(parts)
        query = (
            select(_k.situation, listed.c.number, func.count())
            .join_from(listed, cases, within(_k.opened_at, listed.c.since, listed.c.until))
            .where(*chosen(filters))
            .group_by(_k.situation, listed.c.number)
        )
        found: dict[str, list[int]] = {}
        for situation, number, count in self._connection.execute(query):
            found.setdefault(situation, [0] * len(parts))[number] = count
        return found

    def examples(self, change: Change, period: Period, filters: Filters, *, limit: int) -> list[int]:
        """Return the ids of cases that show what got worse, the most telling first."""
        query = _EXAMPLES[change.kind](change, period).limit(limit)
        if change.kind is ChangeKind.SITUATION:
            query = query.where(*chosen(filters))
        else:
            query = query.where(*of_chosen(_column(change), filters))
        return list(self._connection.scalars(query))

    def telling_message(self, change: Change, case_id: int, period: Period) -> int | None:
        """Return the id of the message by which an example shows what got worse; `None` without one.

        The newest words of a case often say the opposite: "it works now, thank you".
        """
        found: int | None = self._connection.scalar(_TELLING[change.kind](change, case_id, period).limit(1))
        return found

    def opening(self, case_id: int) -> int | None:
        """Return the id of the case's first public post that is not deleted; `None` without one."""
        found: int | None = self._connection.scalar(_opening(case_id).limit(1))
        return found

    def _mentions(self, since: datetime, filters: Filters) -> int:
        return self._counts.mentions_within(since, since + AROUND_NOTICE, filters)


def _column(change: Change) -> ColumnElement[Any]:
    return _m.case_id if change.kind is ChangeKind.SENTIMENT else _r.case_id


def _of_situation(change: Change, period: Period) -> Select[Any]:
    return (
        select(_k.id).where(*during(_k.opened_at, period), _k.situation == change.key).order_by(_k.id.desc())
    )


def _late(kind: str) -> Callable[[Change, Period], Select[Any]]:
    def query(_change: Change, period: Period) -> Select[Any]:
        waited = SecondsBetween(_r.due_at, _r.answered_at)
        is_late = _r.answered_at > _r.due_at
        return (
            select(_r.case_id)
            .where(*during(_r.asked_at, period), _r.kind == kind, is_late)
            .order_by(waited.desc(), _r.case_id)
        )

    return query


def _still_broken(_change: Change, period: Period) -> Select[Any]:
    again = responses.alias("again")
    return (
        select(_r.case_id)
        .join(again, again.c.case_id == _r.case_id)
        .where(
            *during(_r.answered_at, period),
            _r.by_offer.is_(False),
            again.c.asked_at > _r.answered_at,
            SecondsBetween(_r.answered_at, again.c.asked_at) <= STILL_BROKEN_WITHIN.total_seconds(),
        )
        .group_by(_r.case_id)
        .order_by(func.count().desc(), _r.case_id.desc())
    )


def _unhappiest(_change: Change, period: Period) -> Select[Any]:
    return (
        select(_m.case_id)
        .where(is_mention, *during(_m.created_at, period), _m.sentiment.is_not(None))
        .group_by(_m.case_id)
        .order_by(func.min(_m.sentiment), _m.case_id.desc())
    )


_EXAMPLES: Mapping[ChangeKind, Callable[[Change, Period], Select[Any]]] = {
    ChangeKind.SITUATION: _of_situation,
    ChangeKind.LATE_FIRST: _late("first"),
    ChangeKind.LATE_NEXT: _late("next"),
    ChangeKind.STILL_BROKEN: _still_broken,
    ChangeKind.SENTIMENT: _unhappiest,
}


def _opening(case_id: int) -> Select[Any]:
    return select(_m.id).where(_m.case_id == case_id, is_mention, _m.deleted_at.is_(None)).order_by(_m.id)


def _first_words(_change: Change, case_id: int, _period: Period) -> Select[Any]:
    return _opening(case_id)


def _late_words(change: Change, case_id: int, period: Period) -> Select[Any]:
    kind = "first" if change.kind is ChangeKind.LATE_FIRST else "next"
    return (
        select(_r.asked_message_id)
        .where(
            _r.case_id == case_id,
            _r.kind == kind,
            *during(_r.asked_at, period),
            _r.answered_at > _r.due_at,
            _r.asked_message_id.is_not(None),
        )
        .order_by(SecondsBetween(_r.due_at, _r.answered_at).desc())
    )


def _said_again(_change: Change, case_id: int, period: Period) -> Select[Any]:
    again = responses.alias("again")
    return (
        select(again.c.asked_message_id)
        .join_from(responses, again, again.c.case_id == _r.case_id)
        .where(
            _r.case_id == case_id,
            *during(_r.answered_at, period),
            _r.by_offer.is_(False),
            again.c.asked_at > _r.answered_at,
            SecondsBetween(_r.answered_at, again.c.asked_at) <= STILL_BROKEN_WITHIN.total_seconds(),
            again.c.asked_message_id.is_not(None),
        )
        .order_by(again.c.asked_at.desc())
    )


def _unhappiest_words(_change: Change, case_id: int, period: Period) -> Select[Any]:
    return (
        select(_m.id)
        .where(
            _m.case_id == case_id,
            is_mention,
            *during(_m.created_at, period),
            _m.sentiment.is_not(None),
            _m.deleted_at.is_(None),
        )
        .order_by(_m.sentiment, _m.id)
    )


_TELLING: Mapping[ChangeKind, Callable[[Change, int, Period], Select[Any]]] = {
    ChangeKind.SITUATION: _first_words,
    ChangeKind.LATE_FIRST: _late_words,
    ChangeKind.LATE_NEXT: _late_words,
    ChangeKind.STILL_BROKEN: _said_again,
    ChangeKind.SENTIMENT: _unhappiest_words,
}
