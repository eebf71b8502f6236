"""Read how customers were treated who asked in a period, a page at a time, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, literal_column, or_, select

from domain.cases.case import CaseState
from domain.cases.waits import EndReason, WaitKind
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.treatment import WROTE_AGAIN_WITHIN
from domain.triage.situations import Situation
from storage.figure_conditions import chosen, is_inbound, is_offered
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
_NEWEST_FIRST = _r.asked_at.desc(), _r.id.desc()
_WITHOUT_REQUEST = (EndReason.GONE.value, EndReason.NOT_A_REQUEST.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedRow:
    """A case as it is stored; `seconds` and `office_seconds` are `None` while the customer waits.

    `by_offer` says whether the answer only offered another venue, which solves nothing.
    """

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


class Place(NamedTuple):
    """A wait in the order in which they are read: the newest first."""

    asked_at: datetime
    position: int


class TreatedPage(NamedTuple):
    """Cases, the newest first, and the place after which to read on; `None` after all."""

    rows: list[TreatedRow]
    last: Place | None


class TreatedCases:
    """The cases that filters choose, whose customers asked in a period."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, period: Period, filters: Filters, *, before: Place | None, limit: int) -> TreatedPage:
        """Return the cases among the newest `limit` first waits, older than the one `before`.

        The place of the last of these waits is found first: PostgreSQL takes what is chosen for rarer than it
        is, and would read and sort all of the period for each page.
        """
        # One bound on either side: SQLite searches its index by the first alone.
        until = [_r.asked_at < period.until] if before is None else _older_than(before)
        place = (
            select(_r.asked_at, _r.id)
            .where(_r.kind == _FIRST, _r.asked_at >= period.since, *until)
            .order_by(*_NEWEST_FIRST)
            .offset(limit - 1)
            .limit(1)
        )
        last = next((Place(*row) for row in self._connection.execute(place)), None)
        since = [_r.asked_at >= period.since] if last is None else _not_older_than(last)
        waits = [_r.kind == _FIRST, *since, *until]
        rows = self._connection.execute(_query(filters).where(*waits).order_by(*_NEWEST_FIRST)).all()
        return TreatedPage([_treated_from(row) for row in rows], last)


def _older_than(place: Place) -> list[ColumnElement[bool]]:
    """Return the conditions that a wait is older than a place; the first is for the index."""
    return [_r.asked_at <= place.asked_at, or_(_r.asked_at < place.asked_at, _r.id < place.position)]


def _not_older_than(place: Place) -> list[ColumnElement[bool]]:
    """Return the conditions that a wait is at a place or newer; the first is for the index."""
    return [_r.asked_at >= place.asked_at, or_(_r.asked_at > place.asked_at, _r.id >= place.position)]


def _query(filters: Filters) -> Select[Any]:
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
            or_(_r.end_reason.is_(None), _r.end_reason.not_in(_WITHOUT_REQUEST)),
            before.correlate(responses).scalar_subquery().is_(None),
            _k.situation.not_in(_NO_REQUEST),
            *chosen(filters),
        )
    )


def _treated_from(row: AnyRow) -> TreatedRow:
    (  # as `_query` selects them: by name, a row takes several times as long
        case_id,
        asked_at,
        to_answer,
        to_end,
        office_seconds,
        by_offer,
        situation,
        urgency,
        language,
        followers,
        resolved,
        sentiment,
        wrote_again,
        moved,
        asked_again,
    ) = row
    return TreatedRow(
        case_id=case_id,
        asked_at=asked_at,
        seconds=to_end if to_answer is None else to_answer,
        office_seconds=office_seconds,
        answered=to_answer is not None,
        by_offer=bool(by_offer),
        situation=situation,
        urgency=urgency,
        language=language,
        followers=followers,
        resolved=bool(resolved),
        sentiment=sentiment,
        wrote_again=bool(wrote_again),
        moved=bool(moved),
        asked_again=bool(asked_again),
    )
