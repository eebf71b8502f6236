"""Store the hand-offs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from domain.cases.case import CardThread
from domain.handoffs.handoff import CURRENT, Handoff, HandoffState, Proof
from domain.venues import Venue
from storage.bulk_insert import BulkInsert
from storage.case_conditions import IS_ACTIVE
from storage.tables import cases, handoffs
from storage.types import AnyRow, AnySelect

_h = handoffs.c
_all = select(handoffs)
_CURRENT_STATES = sorted(state.value for state in CURRENT)

_INSERT = BulkInsert(handoffs)
_GET = _all.where(_h.id == bindparam("handoff_id"))
_SAVE = update(handoffs).where(_h.id == bindparam("handoff_id"))
_OF_CASE = _all.where(_h.case_id == bindparam("case_id")).order_by(_h.id)
_CURRENT_OF_CASE = (
    _all.where(_h.case_id == bindparam("case_id"), _h.state.in_(_CURRENT_STATES))
    .order_by(_h.id.desc())
    .limit(1)
)
_ARRIVED_OF_CASES = _all.where(
    _h.case_id.in_(bindparam("case_ids", expanding=True)), _h.state == HandoffState.ARRIVED.value
).order_by(_h.id)
_BY_NONCE = _all.where(_h.nonce == bindparam("nonce"))
_BY_ADDRESS = _all.where(
    _h.venue == bindparam("venue"),
    _h.address == bindparam("address"),
    _h.case_id.in_(select(cases.c.id).where(cases.c.last_message_at >= bindparam("since"))),
).order_by(_h.id.desc())
_OPEN_THREADS = (
    select(cases.c.id, cases.c.card_channel, cases.c.card_ts)
    .join_from(handoffs, cases, cases.c.id == _h.case_id)
    .where(
        _h.state == HandoffState.ARRIVED.value,
        IS_ACTIVE,
        cases.c.card_ts.is_not(None),
    )
    .group_by(cases.c.id, cases.c.card_channel, cases.c.card_ts, cases.c.last_message_at)
    .order_by(cases.c.last_message_at.desc(), cases.c.id.desc())
    .limit(bindparam("most"))
)
_DUE = (
    _all.where(
        _h.state == HandoffState.OFFERED.value,
        or_(_h.expires_at <= bindparam("now"), _h.remind_at <= bindparam("now")),
    )
    .order_by(_h.expires_at, _h.id)
    .limit(bindparam("most"))
)


class Handoffs:
    """The hand-offs of all cases.

    Whoever adds or saves one must also save its case: the case's version detects concurrent writes.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, handoff: Handoff) -> Handoff:
        """Insert a hand-off (its `id` is ignored) and return it with its id."""
        [handoff_id] = _INSERT.add(self._connection, [_row_of(handoff)])
        return replace(handoff, id=handoff_id)

    def save(self, handoff: Handoff) -> None:
        """Update a hand-off; raises `LookupError` where it is not stored."""
        row = _row_of(handoff) | {"handoff_id": handoff.id}
        if self._connection.execute(_SAVE, row).rowcount != 1:
            raise LookupError(f"there is no hand-off {handoff.id}")

    def get(self, handoff_id: int) -> Handoff:
        """Return the hand-off; raises `LookupError`."""
        found = self._list(_GET, handoff_id=handoff_id)
        if not found:
            raise LookupError(f"there is no hand-off {handoff_id}")
        return found[0]

    def current(self, case_id: int) -> Handoff | None:
        """Return the case's newest hand-off that is offered or arrived."""
        return next(iter(self._list(_CURRENT_OF_CASE, case_id=case_id)), None)

    def of_case(self, case_id: int) -> list[Handoff]:
        """Return the case's hand-offs, oldest first."""
        return self._list(_OF_CASE, case_id=case_id)

    def arrived(self, case_ids: Iterable[int]) -> dict[int, Handoff]:
        """Return the newest arrived hand-off of each of these cases that has one, by case."""
        found = self._list(_ARRIVED_OF_CASES, case_ids=list(case_ids))
        return {handoff.case_id: handoff for handoff in found}

    def by_nonce(self, nonce: str) -> Handoff | None:
        """Return the hand-off whose link has this nonce."""
        return next(iter(self._list(_BY_NONCE, nonce=nonce)), None)

    def by_address(self, venue: Venue, address: str, *, since: datetime) -> list[Handoff]:
        """Return the hand-offs with this address at this venue, newest first.

        Only those of cases with a message since `since`.
        """
        return self._list(_BY_ADDRESS, venue=venue.value, address=address, since=since)

    def due(self, now: datetime, *, limit: int) -> list[Handoff]:
        """Return offers that are due for a reminder or for expiry, soonest expiry first."""
        return self._list(_DUE, now=now, most=limit)

    def open_threads(self, *, limit: int) -> list[CardThread]:
        """Return the threads of active cases whose customers arrived in private, latest message first."""
        rows = self._connection.execute(_OPEN_THREADS, {"most": limit})
        return [CardThread(case_id=case_id, channel=channel, ts=ts) for case_id, channel, ts in rows]

    def _list(self, query: AnySelect, **values: object) -> list[Handoff]:
        return [handoff_from(row) for row in self._connection.execute(query, values)]


def _row_of(handoff: Handoff) -> dict[str, Any]:
    return {
        "case_id": handoff.case_id,
        "venue": handoff.venue.value,
        "state": handoff.state.value,
        "offered_at": handoff.offered_at,
        "offered_by": handoff.offered_by,
        "expires_at": handoff.expires_at,
        "nonce": handoff.nonce,
        "code": handoff.code,
        "remind_at": handoff.remind_at,
        "message_id": handoff.message_id,
        "address": handoff.address,
        "arrived_at": handoff.arrived_at,
        "ended_at": handoff.ended_at,
        "proof": handoff.proof.value if handoff.proof else None,
        "verified_at": handoff.verified_at,
        "verified_by": handoff.verified_by,
        "verified_reason": handoff.verified_reason,
        "unreachable_at": handoff.unreachable_at,
    }


def handoff_from(row: AnyRow) -> Handoff:
    """Return the hand-off of a row with all columns."""
    return Handoff(
        id=row.id,
        case_id=row.case_id,
        venue=Venue(row.venue),
        state=HandoffState(row.state),
        offered_at=row.offered_at,
        offered_by=row.offered_by,
        expires_at=row.expires_at,
        nonce=row.nonce,
        code=row.code,
        remind_at=row.remind_at,
        message_id=row.message_id,
        address=row.address,
        arrived_at=row.arrived_at,
        ended_at=row.ended_at,
        proof=Proof(row.proof) if row.proof else None,
        verified_at=row.verified_at,
        verified_by=row.verified_by,
        verified_reason=row.verified_reason,
        unreachable_at=row.unreachable_at,
    )
