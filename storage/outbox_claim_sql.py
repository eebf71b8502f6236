"""Build the statements that claim what may be sent or checked; `outbox_claims` runs them."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, bindparam, case, exists, func, or_, select, update

from storage.outbox_conditions import UNSETTLED, is_held, is_in
from storage.outbox_tables import QUEUED, SENDING, UNSURE, destinations, outbox
from storage.types import UtcDateTime

_o = outbox.c
_now: ColumnElement[Any] = bindparam("now", type_=UtcDateTime)
_due = and_(or_(is_in(QUEUED), is_in(UNSURE)), _o.due_at <= _now)
_other = outbox.alias("other")
#: No earlier row of the stream is unsettled, and no later one is being sent (earlier ones can be re-queued).
#: What a pause holds keeps back nothing that it lets through.
STREAM_IS_FREE = ~exists().where(
    _other.c.stream == _o.stream,
    _other.c.id != _o.id,
    _other.c.settled_at.is_(None),
    or_(and_(_other.c.id < _o.id, ~is_held(_other.c)), is_in(SENDING, _other.c)),
)


def _destinations_in_use() -> CTE:
    """Select the names of destinations with unsettled rows, by a loose index scan.

    So ten thousand waiting rows of one destination cost as much as one.
    """
    first = select(func.min(_o.destination).label("name")).where(UNSETTLED).cte("waiting", recursive=True)
    following = (
        select(func.min(_o.destination)).where(UNSETTLED, _o.destination > first.c.name).scalar_subquery()
    )
    return first.union_all(select(following).where(first.c.name.is_not(None)))


IN_USE = _destinations_in_use()
_d = destinations.c
_claim_order = (_o.lane, _o.priority.desc(), _o.id)
_first_of_destination = (
    select(_o.id)
    .where(
        UNSETTLED,
        is_in(QUEUED),
        _o.due_at <= _now,
        _o.destination == IN_USE.c.name,
        STREAM_IS_FREE,
    )
    .order_by(*_claim_order)
    .limit(bindparam("most"))
    .correlate(IN_USE)
)
_candidate = (_o.id, _o.destination, _o.lane, _o.priority)
#: Queued rows that may be sent: at most `most` for each destination that is not paused and within its pace.
SENDABLE = (
    select(*_candidate, _d.next_at)
    .select_from(
        IN_USE.outerjoin(destinations, _d.name == IN_USE.c.name).join(
            outbox, _o.id.in_(_first_of_destination)
        )
    )
    .where(
        IN_USE.c.name.is_not(None),
        or_(_d.free_at.is_(None), _d.free_at <= _now),
        or_(_d.paused_until.is_(None), _d.paused_until <= _now),
    )
)
#: Unsure rows that are due for a check; a check does not count against the pace.
CHECKABLE = (
    select(*_candidate)
    .select_from(outbox.outerjoin(destinations, _d.name == _o.destination))
    .where(
        UNSETTLED,
        is_in(UNSURE),
        _o.due_at <= _now,
        or_(_d.paused_until.is_(None), _d.paused_until <= _now),
        STREAM_IS_FREE,
    )
    .order_by(*_claim_order)
    .limit(bindparam("most"))
)
CLAIM = (
    update(outbox)
    .where(
        _o.id.in_(
            select(_o.id)
            .where(_o.id.in_(bindparam("ids", expanding=True)), _due)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
    )
    .values(
        state=SENDING,
        reconciling=is_in(UNSURE),
        answered=and_(is_in(UNSURE), _o.answered),
        attempts=_o.attempts + case((is_in(QUEUED), 1), else_=0),
        checks=_o.checks + case((is_in(UNSURE), 1), else_=0),
        claimed_generation=case((is_in(QUEUED), _o.generation), else_=_o.claimed_generation),
        lease_until=bindparam("until"),
        owner=bindparam("by"),
        first_tried_at=func.coalesce(_o.first_tried_at, _now),
    )
    .returning(outbox)
)
MARK_SEND_STARTED = update(outbox).where(_o.id == bindparam("job_id")).values(send_started_at=_now)
