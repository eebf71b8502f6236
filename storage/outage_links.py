"""Store the links of cases to outages, and how far posts were matched."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, literal, or_, select, update

from domain.cases.case import CLOSED
from domain.cases.messages import Direction
from domain.outages.links import Evidence, Link, LinkReason, LinkState
from domain.outages.matching import Report
from domain.outages.truth_meter import Span
from domain.triage.encoder import Vector, unpacked
from domain.triage.situations import Situation
from domain.venues import Venue
from storage.dialects import upserts
from storage.knowledge_tables import message_vectors
from storage.linked_cases import GOES_WITH_ANOTHER
from storage.outage_tables import outage_links, outages
from storage.tables import cases, messages
from storage.types import AnyRow, UtcDateTime

_l = outage_links.c
_m = messages.c
_v = message_vectors.c
_ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(outage_links).items()}
_PUT = {
    name: insert.on_conflict_do_update(
        index_elements=["outage_id", "case_id"],
        set_={
            column: insert.excluded[column]
            for column in ("state", "certainty", "evidence", "decided_by", "decided_at", "newest_message_id")
        },
    )
    for name, insert in upserts(outage_links).items()
}
_GET = select(outage_links).where(
    _l.outage_id == bindparam("outage_id"), _l.case_id.in_(bindparam("case_ids", expanding=True))
)
#: A proposed link of a case that goes with another open outage waits until it does no more.
_STANDS = or_(_l.state != LinkState.PROPOSED.value, ~GOES_WITH_ANOTHER)
_OF_OUTAGE = (
    select(outage_links)
    .where(_l.outage_id == bindparam("outage_id"), _l.state == bindparam("its_state"), _STANDS)
    .order_by(_l.certainty.desc(), _l.case_id)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_OF_CASE = select(outage_links).where(_l.case_id == bindparam("case_id")).order_by(_l.outage_id)
_COUNT = (
    select(_l.state, func.count().label("many"))
    .where(_l.outage_id == bindparam("outage_id"), _STANDS)
    .group_by(_l.state)
)
#: Situations in which a customer says again that it does not work; thanks and questions do not count.
_COMPLAINTS = (
    Situation.OUTAGE_REPORT,
    Situation.CANNOT_PAY,
    Situation.ACCOUNT_ACCESS,
    Situation.RANT,
)
_REPORTED = (
    select()
    .select_from(messages.join(outage_links, _l.case_id == _m.case_id))
    .where(
        _l.outage_id == bindparam("outage_id"),
        _l.state != LinkState.REFUSED.value,
        _m.direction == Direction.IN.value,
        _m.created_at > bindparam("since", type_=UtcDateTime),
        (_m.id == _l.message_id) | _m.situation.in_([situation.value for situation in _COMPLAINTS]),
    )
)
_WAITING_SINCE = select(func.min(cases.c.waiting_since)).where(
    cases.c.outage_id == bindparam("outage_id"), cases.c.state.not_in([state.value for state in CLOSED])
)
_CURSOR = select(outages.c.matched_message_id).where(outages.c.id == bindparam("outage_id"))
_MOVE_CURSOR = update(outages).where(outages.c.id == bindparam("its_outage"))
_NEWEST = select(func.max(_m.id))
_UNMATCHED = (
    select(_m.id, _m.case_id, _m.text, _m.situation, _m.created_at, _v.vector)
    .select_from(
        messages.join(cases, cases.c.id == _m.case_id).outerjoin(
            message_vectors, (_v.message_id == _m.id) & (_v.encoder == bindparam("encoder"))
        )
    )
    .where(
        _m.id > bindparam("after"),
        _m.direction == Direction.IN.value,
        _m.venue == Venue.PUBLIC.value,
        _m.deleted_at.is_(None),
        _m.situation.is_not(None),
        _m.created_at >= bindparam("since", type_=UtcDateTime),
        cases.c.state.not_in([state.value for state in CLOSED]),
    )
    .order_by(_m.id)
    .limit(bindparam("most"))
)
_VECTORS = (
    select(_v.vector)
    .join(outage_links, _l.message_id == _v.message_id)
    .where(
        _l.outage_id == bindparam("outage_id"),
        _l.state == LinkState.CONFIRMED.value,
        _v.encoder == bindparam("encoder"),
    )
    .order_by(_l.decided_at.desc())
    .limit(bindparam("most"))
)
_OTHER_SEVERITY = (
    select(cases.c.id)
    .where(
        cases.c.outage_id == bindparam("its_outage"),
        cases.c.outage_severity != bindparam("severity"),
        cases.c.state.not_in([state.value for state in CLOSED]),
    )
    .order_by(cases.c.id)
    .limit(bindparam("most"))
)
_ACTIVE_CASES = (
    select(cases.c.id)
    .where(
        cases.c.outage_id == bindparam("outage_id"), cases.c.state.not_in([state.value for state in CLOSED])
    )
    .order_by(cases.c.id)
)
_SITUATIONS = (
    select(_m.situation)
    .join(outage_links, _l.message_id == _m.id)
    .where(_l.outage_id == bindparam("outage_id"), _l.state == LinkState.CONFIRMED.value)
    .limit(bindparam("most"))
)


#: Ids before the cursor that are read again: a transaction may commit after one with higher ids.
UNCOMMITTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """Posts to compare, how many of them are new since the last time, and the cursor behind them."""

    reports: list[Report]
    new: int
    cursor: int


class OutageLinks:
    """The links of cases to outages: one for each outage and case."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def propose(self, links: Sequence[Link]) -> None:
        """Insert links; where the outage and the case have one already, it stays as it is."""
        if links:
            self._connection.execute(_ADD[self._connection.dialect.name], [_row_of(link) for link in links])

    def put_many(self, links: Sequence[Link]) -> None:
        """Insert links, or replace the state, certainty and evidence of those that are there."""
        if links:
            self._connection.execute(_PUT[self._connection.dialect.name], [_row_of(link) for link in links])

    def get_many(self, outage_id: int, case_ids: Collection[int]) -> list[Link]:
        """Return the links of these cases to the outage."""
        rows = self._connection.execute(_GET, {"outage_id": outage_id, "case_ids": list(case_ids)})
        return [_link_from(row) for row in rows]

    def of_outage(self, outage_id: int, state: LinkState, *, limit: int, offset: int = 0) -> list[Link]:
        """Return the outage's links in a state, the surest first.

        Proposed ones are left out while their case goes with another open outage.
        """
        values = {"outage_id": outage_id, "its_state": state.value, "most": limit, "skipped": offset}
        return [_link_from(row) for row in self._connection.execute(_OF_OUTAGE, values)]

    def of_case(self, case_id: int) -> list[Link]:
        """Return the case's links, those of older outages first."""
        return [_link_from(row) for row in self._connection.execute(_OF_CASE, {"case_id": case_id})]

    def counts(self, outage_id: int) -> dict[LinkState, int]:
        """Count the outage's links in each state."""
        rows = self._connection.execute(_COUNT, {"outage_id": outage_id})
        return {LinkState(row.state): row.many for row in rows}

    def count_reported(self, outage_id: int, spans: Sequence[Span]) -> list[int]:
        """Count the posts about the outage that were written in each of these times.

        They are those of links that were not refused, and later ones of the same customers that say that it
        does not work.
        """
        since = min(after for after, _ in spans)
        query = _REPORTED.add_columns(*(_count_within(after, until) for after, until in spans))
        row = self._connection.execute(query, {"outage_id": outage_id, "since": since}).one()
        return [int(count or 0) for count in row]

    def active_cases(self, outage_id: int) -> list[int]:
        """Return the ids of the active cases that are linked to the outage."""
        return list(self._connection.scalars(_ACTIVE_CASES, {"outage_id": outage_id}))

    def waiting_since(self, outage_id: int) -> datetime | None:
        """Return since when the linked customer waits who waits longest; `None` where nobody does."""
        found: datetime | None = self._connection.scalar(_WAITING_SINCE, {"outage_id": outage_id})
        return found

    def unmatched(self, outage_id: int, *, since: datetime, encoder: str, limit: int) -> Unmatched:
        """Return public posts to compare with the outage, up to `limit`, and the cursor behind them.

        Only posts of active cases that were written since `since`, oldest first. The last `UNCOMMITTED` ids
        before the cursor are read again. `encoder` names the encoder whose vectors are read; empty for none.
        """
        cursor = self._connection.scalar(_CURSOR, {"outage_id": outage_id}) or 0
        newest = self._connection.scalar(_NEWEST) or 0
        after = max(cursor - UNCOMMITTED, 0)
        values = {"after": after, "since": since, "encoder": encoder, "most": limit}
        reports = [_report_from(row) for row in self._connection.execute(_UNMATCHED, values)]
        return Unmatched(
            reports=reports,
            new=sum(report.message_id > cursor for report in reports),
            cursor=reports[-1].message_id if len(reports) == limit else newest,
        )

    def move_cursor(self, outage_id: int, message_id: int) -> None:
        """Record that all posts up to this message were compared with the outage."""
        self._connection.execute(_MOVE_CURSOR, {"its_outage": outage_id, "matched_message_id": message_id})

    def confirmed_vectors(self, outage_id: int, *, encoder: str, limit: int) -> list[Vector]:
        """Return vectors of posts whose links were confirmed, those confirmed last first."""
        values = {"outage_id": outage_id, "encoder": encoder, "most": limit}
        return [unpacked(data) for data in self._connection.scalars(_VECTORS, values)]

    def confirmed_situations(self, outage_id: int, *, limit: int) -> list[Situation]:
        """Return the situations of posts whose links were confirmed."""
        values = {"outage_id": outage_id, "most": limit}
        return [Situation(value) for value in self._connection.scalars(_SITUATIONS, values) if value]

    def cases_of_other_severity(self, outage_id: int, severity: int, *, limit: int) -> list[int]:
        """Return the ids of active cases of the outage that are stored with another severity of it."""
        values = {"its_outage": outage_id, "severity": severity, "most": limit}
        return list(self._connection.scalars(_OTHER_SEVERITY, values))


def _count_within(after: datetime, until: datetime) -> ColumnElement[int]:
    is_within = (_m.created_at > literal(after, UtcDateTime)) & (_m.created_at <= literal(until, UtcDateTime))
    return func.sum(case((is_within, 1), else_=0))


def _row_of(link: Link) -> dict[str, Any]:
    return {
        "outage_id": link.outage_id,
        "case_id": link.case_id,
        "message_id": link.message_id,
        "state": link.state.value,
        "certainty": link.certainty,
        "evidence": [{"reason": one.reason.value, "words": list(one.words)} for one in link.evidence],
        "reported_at": link.reported_at,
        "proposed_at": link.proposed_at,
        "decided_by": link.decided_by,
        "decided_at": link.decided_at,
        "newest_message_id": link.newest_message_id,
    }


def _link_from(row: AnyRow) -> Link:
    return Link(
        outage_id=row.outage_id,
        case_id=row.case_id,
        message_id=row.message_id,
        state=LinkState(row.state),
        certainty=row.certainty,
        evidence=tuple(
            Evidence(reason=LinkReason(one["reason"]), words=tuple(one["words"])) for one in row.evidence
        ),
        reported_at=row.reported_at,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        newest_message_id=row.newest_message_id,
    )


def _report_from(row: AnyRow) -> Report:
    return Report(
        case_id=row.case_id,
        message_id=row.id,
        text=row.text,
        situation=Situation(row.situation),
        written_at=row.created_at,
        vector=unpacked(row.vector) if row.vector is not None else None,
    )
