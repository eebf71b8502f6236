"""Read the rows that reports count, a page at a time, in the order of their time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from domain.cases.promises import PromiseState
from domain.cases.waits import WaitKind
from domain.records.audit import Action
from domain.reports.export_rows import ExportRow, Record
from domain.reports.filters import Filters
from domain.reports.periods import Period
from storage.figure_conditions import HOLDER, chosen, during, is_mention, of_chosen
from storage.promise_tables import promises
from storage.response_tables import responses
from storage.sql_functions import SecondsBetween, rounded
from storage.tables import audit, cases, messages
from storage.types import AnyRow

_k, _m, _r, _a, _p = cases.c, messages.c, responses.c, audit.c, promises.c
_RESOLVED: ColumnElement[str] = literal_column(f"'{Action.RESOLVED.value}'")
_of_case = (
    _k.id.label("case"),
    _k.channel,
    _k.situation,
    _k.language,
    HOLDER.label("agent"),
    _k.outage_id.label("outage"),
)


@dataclass(frozen=True, slots=True)
class Position:
    """The last row that was read: of its kind, when it was and its id."""

    at: datetime
    id: int


class ExportRows:
    """The rows of a period, of the cases that filters choose."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self,
        record: Record,
        period: Period,
        filters: Filters,
        *,
        kind: WaitKind = WaitKind.FIRST,
        after: Position | None,
        now: datetime,
        limit: int,
    ) -> list[ExportRow]:
        """Return the next rows of a kind after a position; `kind` is which waits responses are of."""
        query, at, number = _QUERIES[record](kind, period, now)
        query = query.where(*during(at, period), *chosen(filters)).order_by(at, number).limit(limit)
        if after is not None:
            # The first condition is for the index.
            query = query.where(at >= after.at, or_(at > after.at, number > after.id))
        return [_row_from(record, row) for row in self._connection.execute(query)]

    def count(self, period: Period, filters: Filters) -> int:
        """Estimate how many rows there are: mentions and cases are counted, others are as many as cases."""
        mentions = select(func.count()).where(
            is_mention, *during(_m.created_at, period), *of_chosen(_m.case_id, filters)
        )
        opened = select(func.count()).where(*during(_k.opened_at, period), *chosen(filters))
        return sum(int(self._connection.scalar(query) or 0) for query in (mentions, opened, opened, opened))


_Query = tuple[Select[Any], ColumnElement[Any], ColumnElement[Any]]


def _mentions(_kind: WaitKind, _period: Period, _now: datetime) -> _Query:
    columns = (_m.id, _m.created_at.label("at"), *_of_case, _m.network, _m.author_id, _m.venue, _m.sentiment)
    query = select(*columns).join_from(messages, cases, _k.id == _m.case_id).where(is_mention)
    return query, _m.created_at, _m.id


def _cases(_kind: WaitKind, _period: Period, _now: datetime) -> _Query:
    query = select(_k.id, _k.opened_at.label("at"), *_of_case, _k.network, _k.state)
    return query, _k.opened_at, _k.id


def _responses(kind: WaitKind, _period: Period, now: datetime) -> _Query:
    is_open = _r.answered_at.is_(None) & _r.ended_at.is_(None)
    in_target = case(
        (_r.answered_at <= _r.due_at, "yes"),
        (or_(_r.answered_at > _r.due_at, is_open & (_r.due_at < now)), "no"),
    )
    state = case(
        (_r.answered_at.is_not(None), "answered"), (_r.ended_at.is_not(None), "ended"), else_="waiting"
    )
    office = case((_r.answered_at.is_not(None), rounded(_r.office_seconds)))
    query = (
        select(
            _r.id,
            _r.asked_at.label("at"),
            *_of_case,
            _k.network,
            _r.venue,
            _r.kind,
            SecondsBetween(_r.asked_at, _r.answered_at).label("seconds"),
            office.label("office_seconds"),
            in_target.label("in_target"),
            state.label("state"),
        )
        .join_from(responses, cases, _k.id == _r.case_id)
        .where(_r.kind == literal_column(f"'{kind.value}'"))
    )
    return query, _r.asked_at, _r.id


def _resolutions(_kind: WaitKind, period: Period, _now: datetime) -> _Query:
    again = audit.alias("again")
    # By the case: the index of resolutions is by their time.
    is_last = ~exists().where(
        again.c.case_id == _a.case_id,
        again.c.action == _RESOLVED,
        *during(again.c.at, period),
        again.c.id > _a.id,
    )
    query = (
        select(_a.id, _a.at, *_of_case, _k.network, SecondsBetween(_k.opened_at, _a.at).label("seconds"))
        .join_from(audit, cases, _k.id == _a.case_id)
        .where(_a.action == _RESOLVED, is_last)
    )
    return query, _a.at, _a.id


def _promises(_kind: WaitKind, _period: Period, _now: datetime) -> _Query:
    seconds = SecondsBetween(_p.made_at, _p.due_at).label("seconds")
    query = (
        select(_p.id, _p.made_at.label("at"), *_of_case, _k.network, seconds, _p.state)
        .join_from(promises, cases, _k.id == _p.case_id)
        .where(_p.state != PromiseState.WITHDRAWN.value)
    )
    return query, _p.made_at, _p.id


_QUERIES: dict[Record, Callable[[WaitKind, Period, datetime], _Query]] = {
    Record.MENTION: _mentions,
    Record.CASE: _cases,
    Record.RESPONSE: _responses,
    Record.RESOLUTION: _resolutions,
    Record.PROMISE: _promises,
}


def _row_from(record: Record, row: AnyRow) -> ExportRow:
    values = row._asdict()
    author = values.pop("author_id", None)
    return ExportRow(
        record=record,
        position=values.pop("id"),
        person=None if author is None else f"{values['network']}:{author}",
        **values,
    )
