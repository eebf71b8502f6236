"""Read how customers were treated who asked in a period, a page at a time, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, literal_column, or_, select

from domain.cases.case import CaseState
from domain.cases.waits import EndReason, WaitKind
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.treatment import WROTE_AGAIN_WITHIN
from domain.triage.situations import Situation
from storage.figure_conditions import chosen, during, is_inbound, is_offered
from storage.response_figures import asked_again
from storage.response_tables import responses
from storage.sql_functions import SecondsBetween, rounded
from storage.tables import cases, handoffs, messages
from storage.types import AnyRow

_k, _m, _r, _h = cases.c, messages.c, responses.c, handoffs.c
_asking = messages.alias("asking")
_earlier = responses.alias("earlier")
_FIRST: ColumnElement[str] = literal_column(f"'{WaitKind.FIRST.value}'")
#: Cases in which nobody asked for anything.
_NO_REQUEST = (Situation.PRAISE.value, Situation.SPAM.value)
_WITHOUT_REQUEST = (EndReason.GONE.value, EndReason.NOT_A_REQUEST.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedRow:
    """A case as it is stored; `seconds` and `office_seconds` are `None` while the customer waits.

    `by_offer` says whether the answer only offered another venue, which solves nothing.
    """

    position: int
    case_id: int
    asked_at: datetime
    seconds: int | None
    office_seconds: int | None
    answered: bool
    by_offer: bool
    situation: str
    urgency: int
    language: str
    followers: int
    resolved: bool
    sentiment: float | None
    wrote_again: bool
    moved: bool
    asked_again: bool


class TreatedCases:
    """The cases that filters choose, whose customers asked in a period."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self, period: Period, filters: Filters, *, before: TreatedRow | None, limit: int
    ) -> list[TreatedRow]:
        """Return the newest cases, older than the one `before` which was read before."""
        query = _query(period, filters).limit(limit)
        if before is not None:
            # The first condition is for the index.
            is_older = or_(_r.asked_at < before.asked_at, _r.id < before.position)
            query = query.where(_r.asked_at <= before.asked_at, is_older)
        return [_treated_from(row) for row in self._connection.execute(query)]


def _query(period: Period, filters: Filters) -> Select[Any]:
    until_known = SecondsBetween(_r.asked_at, _r.answered_at), SecondsBetween(_r.asked_at, _r.ended_at)
    since_asked = SecondsBetween(_r.asked_at, _m.created_at)
    wrote_again = exists().where(
        _m.case_id == _r.case_id,
        is_inbound,
        _m.created_at > _r.asked_at,
        since_asked <= WROTE_AGAIN_WITHIN.total_seconds(),
    )
    # Not `exists`, of which PostgreSQL may make a hash of all hand-offs.
    an_offer = select(_h.id).where(_h.case_id == _r.case_id, is_offered).limit(1)
    # A case has a second first wait where thanks took the first one back: it is compared once.
    before = (
        select(_earlier.c.id)
        .where(
            _earlier.c.case_id == _r.case_id,
            _earlier.c.id < _r.id,
            _earlier.c.kind == _FIRST,
            or_(_earlier.c.end_reason.is_(None), _earlier.c.end_reason.not_in(_WITHOUT_REQUEST)),
        )
        .limit(1)
    )
    return (
        select(
            _r.id.label("position"),
            _r.case_id,
            _r.asked_at,
            *(
                seconds.label(name)
                for seconds, name in zip(until_known, ("to_answer", "to_end"), strict=True)
            ),
            rounded(_r.office_seconds).label("office_seconds"),
            _r.by_offer,
            _k.situation,
            _k.urgency,
            _k.language,
            _k.author_followers.label("followers"),
            (_k.state == CaseState.RESOLVED.value).label("resolved"),
            _asking.c.sentiment,
            wrote_again.correlate(responses).label("wrote_again"),
            an_offer.correlate(responses).scalar_subquery().is_not(None).label("moved"),
            and_(_r.answered_at.is_not(None), asked_again()).label("asked_again"),
        )
        .join_from(responses, cases, _k.id == _r.case_id)
        .outerjoin(_asking, _asking.c.id == _r.asked_message_id)
        .where(
            _r.kind == _FIRST,
            *during(_r.asked_at, period),
            or_(_r.end_reason.is_(None), _r.end_reason.not_in(_WITHOUT_REQUEST)),
            before.correlate(responses).scalar_subquery().is_(None),
            _k.situation.not_in(_NO_REQUEST),
            *chosen(filters),
        )
        .order_by(_r.asked_at.desc(), _r.id.desc())
    )


def _treated_from(row: AnyRow) -> TreatedRow:
    values = row._asdict()
    to_answer, to_end = values.pop("to_answer"), values.pop("to_end")
    values |= {
        name: bool(values[name]) for name in ("resolved", "wrote_again", "moved", "asked_again", "by_offer")
    }
    seconds = to_end if to_answer is None else to_answer
    return TreatedRow(seconds=seconds, answered=to_answer is not None, **values)
