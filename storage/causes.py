"""Store causes and which cases belong to them. Saving a cause is a compare-and-swap of its version."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from domain.cases.case import Case
from domain.causes.cause import Cause, CauseNotFound, CauseState, Membership
from domain.causes.membership import CausePost
from domain.errors import StaleCase
from domain.reports.filters import Filters
from domain.venues import Venue
from storage.case_rows import case_from
from storage.cause_figures import BELONGS, COUNT_WAITING, WAITING, counts_within
from storage.cause_tables import cause_cases, causes
from storage.dialects import is_sqlite, upserts
from storage.figure_conditions import is_inbound, is_mention
from storage.tables import cases, messages
from storage.types import AnyRow, UtcDateTime

#: Ids before the cursor that are read again: a transaction may commit after one with higher ids.
UNCOMMITTED = 200

_c, _j, _k, _m = causes.c, cause_cases.c, cases.c, messages.c
_this = _c.id == bindparam("its_id")
_ADD = insert(causes).returning(_c.id)
_SAVE = update(causes).where(_this, _c.version == bindparam("read_version"))
_GET = select(causes).where(_this)
_LOCK = _GET.with_for_update()
#: Serialises who names a cause: else two could take the same name at once. ("outd" in ASCII.)
_LOCK_NAMES = text("SELECT pg_advisory_xact_lock(1869968484)")
_ALL = select(causes).order_by(_c.id.desc())
_MOVE = update(causes).where(_this)
_PUT = {name: insert.on_conflict_do_nothing() for name, insert in upserts(cause_cases).items()}
_DECIDE = {
    name: insert.on_conflict_do_update(
        index_elements=["cause_id", "case_id"],
        set_={name: insert.excluded[name] for name in ("belongs", "decided_by", "decided_at")},
    )
    for name, insert in upserts(cause_cases).items()
}
_UNDECIDED = (_j.cause_id == bindparam("its_cause"), _j.decided_by.is_(None))
_DROP = delete(cause_cases).where(*_UNDECIDED)
_OF_CASE = (
    select(causes, cause_cases)
    .join_from(cause_cases, causes, _c.id == _j.cause_id)
    .where(_j.case_id == bindparam("its_case"))
    .order_by(_j.cause_id)
)
_FIRST = (
    select(_m.id)
    .where(is_inbound, _m.created_at >= bindparam("since", type_=UtcDateTime))
    .order_by(_m.created_at, _m.id)
    .limit(1)
)
_NEWEST = select(func.coalesce(func.max(_m.id), 0))
_POSTS = (
    select(
        _m.id,
        _m.case_id,
        _m.text,
        _m.created_at,
        func.coalesce(_m.situation, _k.situation).label("situation"),
    )
    .join_from(messages, cases, _k.id == _m.case_id)
    .where(
        _m.id > bindparam("after"),
        _m.direction == "in",
        _m.venue == Venue.PUBLIC.value,
        _m.created_at >= bindparam("since", type_=UtcDateTime),
    )
    .order_by(_m.id)
    .limit(bindparam("most"))
)
_FIRST_OF_CASE = (
    select(_m.id, _m.created_at)
    .where(_m.case_id == bindparam("its_case"), is_mention)
    .order_by(_m.created_at, _m.id)
    .limit(1)
)


class Causes:
    """Causes, and the cases that belong to them."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, cause: Cause) -> Cause:
        """Insert a cause (its `id` and cursor are ignored) and return it with its id."""
        cause = replace(cause, compared_id=self._cursor_before(cause.since))
        return replace(cause, id=self._connection.execute(_ADD, _row_of(cause)).scalar_one())

    def save(self, cause: Cause) -> None:
        """Update a cause whose version was raised by one; raises `StaleCase` where another was first."""
        row = _row_of(cause)
        del row["compared_id"]  # see `move_cursor`
        found = self._connection.execute(_SAVE, row | {"its_id": cause.id, "read_version": cause.version - 1})
        if found.rowcount != 1:
            raise StaleCase(f"cause {cause.id} was changed by another writer")

    def get(self, cause_id: int) -> Cause:
        """Return a cause; raises `CauseNotFound`."""
        return self._one(cause_id, lock=False)

    def lock(self, cause_id: int) -> Cause:
        """Return a cause, locked until this transaction ends; raises `CauseNotFound`."""
        return self._one(cause_id, lock=True)

    def lock_names(self) -> None:
        """Let no other transaction name a cause until this one ends."""
        if not is_sqlite(self._connection):
            self._connection.execute(_LOCK_NAMES)

    def all(self) -> list[Cause]:
        """Return all causes, the newest first. They are few: people make them."""
        return [_cause_from(row) for row in self._connection.execute(_ALL)]

    def posts_after(self, cause: Cause, *, limit: int) -> tuple[list[CausePost], int]:
        """Return up to `limit` posts to compare with the cause, and the cursor behind them.

        The last `UNCOMMITTED` ids before the cursor are read again.
        """
        newest = int(self._connection.scalar(_NEWEST) or 0)
        after = max(cause.compared_id - UNCOMMITTED, 0)
        rows = self._connection.execute(_POSTS, {"after": after, "since": cause.since, "most": limit}).all()
        posts = [
            CausePost(
                message_id=row.id,
                case_id=row.case_id,
                text=row.text,
                at=row.created_at,
                situation=row.situation,
            )
            for row in rows
        ]
        return posts, posts[-1].message_id if len(posts) == limit else newest

    def move_cursor(self, cause_id: int, message_id: int) -> None:
        """Record that all posts up to this message were compared with the cause."""
        self._connection.execute(_MOVE, {"its_id": cause_id, "compared_id": message_id})

    def compare_again(self, cause: Cause) -> None:
        """Forget which cases the rule found, and have all posts compared again. What people said stays."""
        self._connection.execute(_DROP, {"its_cause": cause.id})
        self.move_cursor(cause.id, self._cursor_before(cause.since))

    def add_members(self, members: Sequence[Membership]) -> None:
        """Insert what the rule found; what is known of a case already stays."""
        if members:
            self._connection.execute(_PUT[self._connection.dialect.name], list(map(_row_of_member, members)))

    def decide(self, member: Membership) -> None:
        """Store what a person said of a case, in place of what the rule found."""
        self._connection.execute(_DECIDE[self._connection.dialect.name], [_row_of_member(member)])

    def of_case(self, case_id: int) -> list[tuple[Cause, Membership]]:
        """Return the causes of which it is known whether the case belongs to them."""
        rows = self._connection.execute(_OF_CASE, {"its_case": case_id})
        return [(_cause_from(row), _member_from(row)) for row in rows]

    def first_mention(self, case_id: int) -> tuple[int, datetime] | None:
        """Return id and time of the case's first public post; `None` where it has none."""
        row = self._connection.execute(_FIRST_OF_CASE, {"its_case": case_id}).one_or_none()
        return None if row is None else (row.id, row.created_at)

    def counts(
        self, cause_id: int, spans: Sequence[tuple[datetime, datetime]], filters: Filters
    ) -> list[int]:
        """Count the cause's cases in each of these times, from the first moment on and before the last."""
        return counts_within(self._connection, [cause_id], spans, filters)[cause_id]

    def counts_of_all(
        self, spans: Sequence[tuple[datetime, datetime]], filters: Filters
    ) -> dict[int, list[int]]:
        """Return what `counts` does, of every cause by its id: a long list of times is compiled once."""
        ids = list(self._connection.scalars(select(_c.id)))
        return counts_within(self._connection, ids, spans, filters)

    def count_waiting(self, cause_id: int) -> int:
        """Count the cause's cases whose customers wait for us now."""
        query = select(func.count()).select_from(WAITING.subquery())
        return int(self._connection.scalar(query, {"its_cause": cause_id}) or 0)

    def waiting_counts(self) -> dict[int, int]:
        """Return what `count_waiting` does, by the cause's id; without those that nobody waits for."""
        return {cause_id: int(count) for cause_id, count in self._connection.execute(COUNT_WAITING)}

    def waiting(self, cause_id: int, *, limit: int) -> list[Case]:
        """Return the cause's cases whose customers wait for us now, the longest first."""
        query = WAITING.order_by(_k.waiting_since, _k.id).limit(limit)
        return [case_from(row) for row in self._connection.execute(query, {"its_cause": cause_id})]

    def newest_messages(self, cause_id: int, *, limit: int) -> list[tuple[int, int]]:
        """Return the newest of the cause's cases, each with the message for which it belongs."""
        query = (
            select(_j.case_id, _j.message_id)
            .where(_j.cause_id == cause_id, BELONGS)
            .order_by(_j.at.desc(), _j.case_id.desc())
            .limit(limit)
        )
        return [(case_id, message_id) for case_id, message_id in self._connection.execute(query)]

    def _one(self, cause_id: int, *, lock: bool) -> Cause:
        row = self._connection.execute(_LOCK if lock else _GET, {"its_id": cause_id}).one_or_none()
        if row is None:
            raise CauseNotFound
        return _cause_from(row)

    def _cursor_before(self, since: datetime) -> int:
        """Return the id before the first message written since then."""
        first = self._connection.scalar(_FIRST, {"since": since})
        return int(first) - 1 if first else int(self._connection.scalar(_NEWEST) or 0)


def _row_of(cause: Cause) -> dict[str, Any]:
    return {
        "version": cause.version,
        "name": cause.name,
        "owner": cause.owner,
        "state": cause.state.value,
        "phrases": list(cause.phrases),
        "since": cause.since,
        "created_by": cause.created_by,
        "created_at": cause.created_at,
        "fixed_at": cause.fixed_at,
        "compared_id": cause.compared_id,
    }


def _cause_from(row: AnyRow) -> Cause:
    return Cause(
        id=row.id,
        version=row.version,
        name=row.name,
        owner=row.owner,
        state=CauseState(row.state),
        phrases=tuple(row.phrases),
        since=row.since,
        created_by=row.created_by,
        created_at=row.created_at,
        fixed_at=row.fixed_at,
        compared_id=row.compared_id,
    )


def _row_of_member(member: Membership) -> dict[str, Any]:
    return {
        "cause_id": member.cause_id,
        "case_id": member.case_id,
        "message_id": member.message_id,
        "at": member.at,
        "belongs": member.belongs,
        "decided_by": member.decided_by,
        "decided_at": member.decided_at,
    }


def _member_from(row: AnyRow) -> Membership:
    return Membership(
        cause_id=row.cause_id,
        case_id=row.case_id,
        message_id=row.message_id,
        at=row.at,
        belongs=row.belongs,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
