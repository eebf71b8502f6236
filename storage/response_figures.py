"""Count waits for answers, whether answers helped, and resolutions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    case,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
)

from domain.cases.waits import WaitKind
from domain.records.audit import Action
from domain.reports.figures import REPEAT_WITHIN, STILL_BROKEN_WITHIN, Resolutions, Responses, Waits
from domain.reports.filters import Filters
from domain.reports.periods import Day, Period
from domain.triage.situations import Situation
from storage.figure_conditions import count_if, during, listed_parts, of_chosen, span_of, within
from storage.response_tables import responses
from storage.sql_functions import ListOf, SecondsBetween, present, rounded
from storage.tables import audit, cases

_k, _r = cases.c, responses.c
_reopening, _other, _again = audit.alias("reopening"), cases.alias("other"), responses.alias("again")
#: Literals, as in the conditions of the indexes.
_FIRST: ColumnElement[str] = literal_column(f"'{WaitKind.FIRST.value}'")
_FURTHER: ColumnElement[str] = literal_column(f"'{WaitKind.NEXT.value}'")

_UNDONE, _ELSEWHERE, _WROTE = 1, 2, 4
_is_answered = _r.answered_at.is_not(None)
_is_open = _r.answered_at.is_(None) & _r.ended_at.is_(None)
#: A subquery for the open waits alone, which are few.
_is_awaited = case(
    (_is_open, select(_k.situation != Situation.SPAM.value).where(_k.id == _r.case_id).scalar_subquery()),
    else_=false(),
)


class ResponseFigures:
    """Counts of waits, answers and resolutions in a period, of the cases that filters choose."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def responses(self, period: Period, filters: Filters, *, now: datetime) -> Responses:
        """Read how long customers waited since they asked in the period, and whether answers helped."""
        first, *of_first = self._waits(WaitKind.FIRST, period, filters, now)
        further, *of_further = self._waits(WaitKind.NEXT, period, filters, now)
        answers, still_broken = (sum(counts) for counts in zip(of_first, of_further, strict=True))
        return Responses(first=first, next=further, answers=answers, still_broken=still_broken)

    def _waits(
        self, kind: WaitKind, period: Period, filters: Filters, now: datetime
    ) -> tuple[Waits, int, int]:
        """Read the waits of one kind; count their answers, and those after which the customer asked again."""
        is_late = or_(_r.answered_at > _r.due_at, _is_open & (_r.due_at < now))
        is_answer = _is_answered & _r.by_offer.is_(False)
        query = select(
            ListOf(SecondsBetween(_r.asked_at, _r.answered_at)),
            ListOf(case((_is_answered, rounded(_r.office_seconds)))),
            count_if(_r.answered_at <= _r.due_at),
            count_if(is_late),
            count_if(_is_awaited),
            count_if(is_answer),
            count_if(is_answer & asked_again()),
        ).where(
            _r.kind == literal_column(f"'{kind.value}'"),
            *during(_r.asked_at, period),
            *of_chosen(_r.case_id, filters, (period.since, period.until)),
        )
        seconds, office, in_target, late, unanswered, answers, broken = self._connection.execute(query).one()
        waits = Waits(
            seconds=present(seconds),
            office_seconds=present(office),
            in_target=in_target,
            late=late,
            unanswered=unanswered,
        )
        return waits, answers, broken

    def first_answers(self, parts: Sequence[Day], filters: Filters) -> list[list[int]]:
        """Read the seconds until the first answer of the waits that began in each part of a period."""
        listed = listed_parts(parts)
        seconds = select(ListOf(SecondsBetween(_r.asked_at, _r.answered_at))).where(
            _r.kind == _FIRST,
            within(_r.asked_at, listed.c.since, listed.c.until),
            *of_chosen(_r.case_id, filters, span_of(parts)),
        )
        query = select(listed.c.number, seconds.correlate(listed).scalar_subquery())
        found = {number: present(values) for number, values in self._connection.execute(query)}
        return [found[number] for number in range(len(parts))]

    def resolutions(self, period: Period, filters: Filters) -> Resolutions:
        """Read how long the resolved cases had taken, and count whose customers wrote again."""
        query = (
            select(audit.c.case_id, func.max(audit.c.at).label("at"))
            .where(
                audit.c.action == literal_column(f"'{Action.RESOLVED.value}'"),
                *during(audit.c.at, period),
                *of_chosen(audit.c.case_id, filters, (period.since, period.until)),
            )
            .group_by(audit.c.case_id)
        )
        return self._resolutions(query.cte("resolved"))

    def resolutions_of(self, case_ids: Collection[int]) -> Resolutions:
        """Read the same of these cases, each by its last resolution."""
        query = (
            select(audit.c.case_id, func.max(audit.c.at).label("at"))
            .where(audit.c.case_id.in_(case_ids), audit.c.action == Action.RESOLVED.value)
            .group_by(audit.c.case_id)
        )
        return self._resolutions(query.cte("resolved"))

    def _resolutions(self, resolved: CTE) -> Resolutions:
        wrote, undone = wrote_again(resolved), was_reopened(resolved)
        elsewhere = _soon_after(resolved.c.at, _opened_again(resolved), _other.c.opened_at)
        # One value of all three, so that none is looked up twice.
        returned = case(
            (wrote, _WROTE), else_=case((undone, _UNDONE), else_=0) + case((elsewhere, _ELSEWHERE), else_=0)
        )
        # Subqueries for each row: of a join with all cases, PostgreSQL makes a scan of them.
        opened_at = select(_k.opened_at).where(_k.id == resolved.c.case_id).scalar_subquery()
        counted = select(ListOf(SecondsBetween(opened_at, resolved.c.at)), ListOf(returned))
        seconds, returns = self._connection.execute(counted).one()
        return Resolutions(
            seconds=present(seconds),
            reopened=sum(value in {_WROTE, _UNDONE, _UNDONE + _ELSEWHERE} for value in present(returns)),
            repeated=sum(value >= _ELSEWHERE for value in present(returns)),
        )


def asked_again() -> ColumnElement[bool]:
    """Return the condition that the customer asked again soon after the answer of a wait."""
    is_soon = SecondsBetween(_r.answered_at, _again.c.asked_at) <= STILL_BROKEN_WITHIN.total_seconds()
    return exists().where(
        _again.c.case_id == _r.case_id, _again.c.kind == _FURTHER, _again.c.asked_at > _r.answered_at, is_soon
    )


def wrote_again(resolved: CTE) -> ColumnElement[bool]:
    """Return the condition that the customer asked again in a case soon after it was resolved."""
    return _soon_after(resolved.c.at, _asked_since(resolved), _again.c.asked_at)


def was_reopened(resolved: CTE) -> ColumnElement[bool]:
    """Return the condition that somebody reopened a case soon after it was resolved."""
    return _soon_after(resolved.c.at, _undone(resolved), _reopening.c.at)


def _asked_since(resolved: CTE) -> list[ColumnElement[bool]]:
    return [_again.c.case_id == resolved.c.case_id, _again.c.kind == _FURTHER]


def _undone(resolved: CTE) -> list[ColumnElement[bool]]:
    return [_reopening.c.case_id == resolved.c.case_id, _reopening.c.action == Action.REOPENED.value]


def _opened_again(resolved: CTE) -> list[ColumnElement[bool]]:
    same = [_other.c[name] == _k[name] for name in ("network", "account_id", "author_id")]
    return [_k.id == resolved.c.case_id, *same, _other.c.id != _k.id]


def _soon_after(
    moment: ColumnElement[Any], conditions: Sequence[ColumnElement[bool]], at: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Return whether there is a row that meets the conditions within `REPEAT_WITHIN` after the moment."""
    is_soon = SecondsBetween(moment, at) <= REPEAT_WITHIN.total_seconds()
    return exists().where(*conditions, at > moment, is_soon)
