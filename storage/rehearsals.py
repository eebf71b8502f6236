"""Store rehearsals, and read from a rehearsal's own database what it is scored by."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, false, func, literal, select, union_all, update

from domain.cases.messages import Direction
from domain.outages.outage import OutageState
from domain.outages.rehearsal import (
    EndReason,
    FloodPost,
    Kind,
    Marks,
    PostedMessage,
    Rehearsal,
    Score,
)
from domain.records.audit import SYSTEM, Action
from domain.triage.assessment import Urgency
from domain.venues import Venue
from storage.dialects import upserts
from storage.flood_tables import flood_boards
from storage.outage_tables import outages
from storage.rehearsal_tables import rehearsals
from storage.surge_tables import spikes
from storage.tables import audit, cases, messages
from storage.types import AnyRow

_r, _m, _a, _o = rehearsals.c, messages.c, audit.c, outages.c
_CURRENT = select(rehearsals).where(_r.in_force == 1)
_LOCK = _CURRENT.with_for_update()
_GET = select(rehearsals).where(_r.id == bindparam("its_id"))
_LAST = (
    select(rehearsals)
    .where(_r.ended_at.is_not(None), _r.id < bindparam("before_id"), _r.end_reason != EndReason.LOST.value)
    .order_by(_r.id.desc())
    .limit(1)
)
_START = {
    name: insert.on_conflict_do_nothing().returning(_r.id) for name, insert in upserts(rehearsals).items()
}
_SAVE = update(rehearsals).where(_r.id == bindparam("its_id"), _r.in_force == 1)

_public = (_m.direction == Direction.IN.value, _m.venue == Venue.PUBLIC.value, _m.deleted_at.is_(None))
_RECORDED = (
    select(_m.id, _m.text, _m.language, _m.urgency, _m.created_at, _m.author_id)
    .where(*_public, _m.created_at >= bindparam("since"))
    .order_by(_m.created_at, _m.id)
    .limit(bindparam("most"))
)
_FIRST_POST = select(func.count(), func.min(_m.created_at)).where(*_public)
_FIRST_ACT = select(func.min(_a.at)).where(_a.actor != SYSTEM)
_OUTAGES = select(_o.state, _o.announced_at)
_URGENT = select(_m.case_id, _m.created_at).where(
    *_public, _m.external_id.in_(bindparam("keys", expanding=True))
)
_ANSWERS = (
    select(_a.case_id, func.min(_a.at).label("at"))
    .where(_a.action == Action.REPLY_SENT.value, _a.case_id.is_not(None))
    .group_by(_a.case_id)
)

_no_case = (literal(""), false())
_MESSAGES = union_all(
    select(
        literal(Kind.CARD.value),
        cases.c.card_channel,
        cases.c.card_ts,
        cases.c.situation,
        cases.c.first_replied_at.is_not(None),
    ).where(cases.c.card_ts.is_not(None)),
    select(literal(Kind.OUTAGE.value), _o.board_channel, _o.board_ts, *_no_case).where(
        _o.board_ts.is_not(None)
    ),
    select(literal(Kind.ALERT.value), spikes.c.channel, spikes.c.ts, *_no_case).where(
        spikes.c.ts.is_not(None)
    ),
    select(literal(Kind.FLOOD.value), flood_boards.c.channel, flood_boards.c.ts, *_no_case),
)


class Rehearsals:
    """The rehearsals; at most one goes on."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self) -> Rehearsal | None:
        """Return the rehearsal that goes on."""
        row = self._connection.execute(_CURRENT).one_or_none()
        return None if row is None else _rehearsal_from(row)

    def lock_current(self) -> Rehearsal | None:
        """Return the rehearsal that goes on, locked until this transaction ends. Call it before `save`."""
        row = self._connection.execute(_LOCK).one_or_none()
        return None if row is None else _rehearsal_from(row)

    def get(self, rehearsal_id: int) -> Rehearsal:
        """Return a rehearsal; raises `LookupError`."""
        row = self._connection.execute(_GET, {"its_id": rehearsal_id}).one_or_none()
        if row is None:
            raise LookupError(f"there is no rehearsal {rehearsal_id}")
        return _rehearsal_from(row)

    def last_before(self, rehearsal_id: int) -> Rehearsal | None:
        """Return the newest one before this that was scored."""
        row = self._connection.execute(_LAST, {"before_id": rehearsal_id}).one_or_none()
        return None if row is None else _rehearsal_from(row)

    def start(self, rehearsal: Rehearsal) -> Rehearsal | None:
        """Insert it (its `id` is ignored); `None` where another goes on."""
        row = _row_of(rehearsal) | {"in_force": 1}
        number = self._connection.execute(_START[self._connection.dialect.name], row).scalar_one_or_none()
        return None if number is None else replace(rehearsal, id=number)

    def save(self, rehearsal: Rehearsal) -> bool:
        """Update one that goes on, and end it where it has ended; false where it ended before."""
        in_force = 1 if rehearsal.ended_at is None else None
        row = _row_of(rehearsal) | {"in_force": in_force, "its_id": rehearsal.id}
        return self._connection.execute(_SAVE, row).rowcount == 1

    def recorded(self, since: datetime, *, limit: int) -> list[FloodPost]:
        """Return the desk's public posts from `since` on, without their authors' names, oldest first.

        `at` is the time in seconds since the first.
        """
        rows = self._connection.execute(_RECORDED, {"since": since, "most": limit}).all()
        authors: dict[str, str] = {}
        return [
            FloodPost(
                key=f"{number:06}",
                author=authors.setdefault(row.author_id, f"customer_{len(authors) + 1}"),
                text=row.text,
                language=row.language or "",
                at=(row.created_at - rows[0].created_at).total_seconds(),
                is_urgent=row.urgency == Urgency.URGENT.value,
            )
            for number, row in enumerate(rows, 1)
        ]

    def marks(self, urgent_keys: Sequence[str]) -> Marks:
        """Return what happened so far. Only in the database of a rehearsal."""
        count, first_post = self._connection.execute(_FIRST_POST).one()
        known = self._connection.execute(_OUTAGES).all()
        urgent = self._connection.execute(_URGENT, {"keys": list(urgent_keys)})
        return Marks(
            posts=count,
            first_post=first_post,
            first_act=self._connection.scalar(_FIRST_ACT),
            announced=min((row.announced_at for row in known if row.announced_at), default=None),
            is_resolved=any(row.state == OutageState.RESOLVED.value for row in known),
            urgent=[(row.case_id, row.created_at) for row in urgent],
            answers={row.case_id: row.at for row in self._connection.execute(_ANSWERS)},
        )

    def messages(self) -> list[PostedMessage]:
        """Return the messages that have buttons. Only in the database of a rehearsal."""
        return [
            PostedMessage(
                kind=Kind(kind), channel=channel, ts=ts, situation=situation, is_answered=bool(is_answered)
            )
            for kind, channel, ts, situation, is_answered in self._connection.execute(_MESSAGES)
        ]


def _row_of(rehearsal: Rehearsal) -> dict[str, Any]:
    return {
        "channel": rehearsal.channel,
        "recorded_from": rehearsal.recorded_from,
        "posts": rehearsal.posts,
        "minutes": rehearsal.minutes,
        "started_by": rehearsal.started_by,
        "asked_at": rehearsal.asked_at,
        "started_at": rehearsal.started_at,
        "seen_at": rehearsal.seen_at,
        "delay_seconds": rehearsal.delay.total_seconds(),
        "stop_asked_by": rehearsal.stop_asked_by,
        "ended_at": rehearsal.ended_at,
        "end_reason": rehearsal.end_reason.value if rehearsal.end_reason is not None else None,
        "score": asdict(rehearsal.score) if rehearsal.score is not None else None,
    }


def _rehearsal_from(row: AnyRow) -> Rehearsal:
    return Rehearsal(
        id=row.id,
        channel=row.channel,
        recorded_from=row.recorded_from,
        posts=row.posts,
        minutes=row.minutes,
        started_by=row.started_by,
        asked_at=row.asked_at,
        started_at=row.started_at,
        seen_at=row.seen_at,
        delay=timedelta(seconds=row.delay_seconds),
        stop_asked_by=row.stop_asked_by,
        ended_at=row.ended_at,
        end_reason=EndReason(row.end_reason) if row.end_reason is not None else None,
        score=Score(**row.score) if row.score is not None else None,
    )
