"""Build the SQL statements that change the outbox, each once; `outbox_queries` has those that only read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    and_,
    bindparam,
    case,
    delete,
    exists,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)

from domain.delivery.effect import Safety
from storage.dialects import Upsert, upserts
from storage.outbox_conditions import UNSETTLED, is_held, is_in
from storage.outbox_tables import FAILED, QUEUED, SENDING, SENT, UNSURE, destinations, outbox
from storage.types import AnySelect, UtcDateTime

_o = outbox.c
_now: ColumnElement[Any] = bindparam("now", type_=UtcDateTime)


# Constants are literals: the statement runs for every effect, and binding them each time costs.
_queued: ColumnElement[Any] = literal_column(f"'{QUEUED}'")
_none: ColumnElement[Any] = literal_column("0")
_one: ColumnElement[Any] = literal_column("1")

#: Columns of a new row besides those of its effect.
INITIAL: dict[str, Any] = {
    "state": _queued,
    "generation": _one,
    "claimed_generation": _none,
    "attempts": _none,
    "checks": _none,
    "reconciling": false(),
    "answered": false(),
}
_RESET_TO_NULL = (
    "waits_since",
    "first_tried_at",
    "send_started_at",
    "lease_until",
    "owner",
    "settled_at",
    "note",
    "result",
)


def _add(insert: Upsert) -> Upsert:
    """Complete an insert to an upsert.

    It queues settled rows that coalesce again, moves queued ones forward, and marks those being sent.
    """
    new = insert.excluded
    settled, queued = _o.settled_at.is_not(None), is_in(QUEUED)
    waiting = or_(settled, queued)
    sooner = case((new.due_at < _o.due_at, new.due_at), else_=_o.due_at)
    higher = case((new.priority > _o.priority, new.priority), else_=_o.priority)
    changes: dict[str, Any] = {
        "generation": case((queued, _o.generation), else_=_o.generation + _one),
        "state": case((settled, _queued), else_=_o.state),
        "due_at": case((settled, new.due_at), (queued, sooner), else_=_o.due_at),
        "created_at": case((settled, new.created_at), else_=_o.created_at),
        "priority": case((settled, new.priority), (queued, higher), else_=_o.priority),
        "attempts": case((settled, _none), else_=_o.attempts),
        "checks": case((settled, _none), else_=_o.checks),
    }
    changes |= {name: case((waiting, new[name]), else_=_o[name]) for name in _FROM_EFFECT}
    changes["lane"] = case((or_(settled, new.lane < _o.lane), new.lane), else_=_o.lane)
    changes |= {name: case((settled, null()), else_=_o[name]) for name in _RESET_TO_NULL}
    return insert.on_conflict_do_update(index_elements=["key"], set_=changes, where=_o.coalesce)


_FROM_EFFECT = ("payload", "destination", "stream")
ADD = {name: _add(insert.values(INITIAL)) for name, insert in upserts(outbox).items()}


def add_selected(columns: Sequence[str], rows: AnySelect) -> Upsert:
    """Return the same for rows of a query, on PostgreSQL; `columns` are those of the query, in its order."""
    return _add(upserts(outbox)["postgresql"].from_select(list(columns), rows))


UNSETTLED_OF = (
    select(_o.stream).distinct().where(UNSETTLED, _o.stream.in_(bindparam("streams", expanding=True)))
)

# --- claim: see `storage.outbox_claims` ------------------------------------------------------------------

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


# --- settle ----------------------------------------------------------------------------------------------

_requeue = _o.generation > _o.claimed_generation
_no_lease: dict[str, Any] = {"lease_until": None, "owner": None, "reconciling": False}


def _settled(state: str, **values: object) -> dict[str, Any]:
    """Return the columns of a settled row; queued again where the effect was requested again meanwhile."""
    return (
        _no_lease
        | {
            "state": case((_requeue, QUEUED), else_=state),
            "settled_at": case((_requeue, null()), else_=_now),
            "due_at": case((_requeue, _now), else_=_o.due_at),
            "waits_since": case((_requeue, _now), else_=_o.waits_since),
            "attempts": case((_requeue, 0), else_=_o.attempts),
            "checks": case((_requeue, 0), else_=_o.checks),
            "first_tried_at": case((_requeue, null()), else_=_o.first_tried_at),
        }
        | values
    )


#: Fencing: matches only the try that the job is, not a later one after its lease expired.
_own_try = (
    _o.id == bindparam("job_id"),
    or_(is_in(SENDING), is_in(UNSURE)),
    _o.claimed_generation == bindparam("job_generation"),
    _o.attempts == bindparam("job_attempts"),
)
_own_check = (*_own_try, _o.checks == bindparam("job_checks"))
SETTLE = (
    update(outbox)
    .where(*_own_try)
    .values(_settled(SENT, result=bindparam("said", type_=_o.result.type), note=None))
)
SETTLE_QUEUED = (
    update(outbox).where(UNSETTLED, is_in(QUEUED)).values(state=SENT, settled_at=_now, due_at=_now)
)
FAIL = (
    update(outbox)
    .where(*_own_check)
    .values(_settled(FAILED, note=bindparam("reason"), result=bindparam("said", type_=_o.result.type)))
)
POSTPONE = (
    update(outbox)
    .where(*_own_check)
    .values(
        _no_lease
        | {
            "state": QUEUED,
            "due_at": bindparam("due"),
            "waits_since": _now,
            "note": bindparam("reason"),
            "attempts": _o.attempts - bindparam("uncounted"),
        }
    )
)
MARK_UNSURE = (
    update(outbox)
    .where(*_own_check)
    .values(
        _no_lease
        | {
            "state": UNSURE,
            "due_at": bindparam("due"),
            "waits_since": _now,
            "note": bindparam("reason"),
            "answered": bindparam("had_response"),
            "checks": _o.checks - bindparam("uncounted"),
        }
    )
)
# Also while a check is running: what the person saw takes precedence.
_by_key = (_o.key == bindparam("its_key"), or_(is_in(UNSURE), and_(is_in(SENDING), _o.reconciling)))
SETTLE_BY_PERSON = {
    True: update(outbox).where(*_by_key).values(_settled(SENT, note=None)),
    False: update(outbox).where(*_by_key).values(_settled(FAILED)),
}
# `due_at` is in the past since the claim, so the recovered rows are due at once.
_is_kept = _o.id.in_(bindparam("kept", expanding=True))
_expired = and_(UNSETTLED, is_in(SENDING), _o.lease_until < _now, ~_is_kept)
RECOVER_SAFE = (
    update(outbox).where(_expired, _o.safety == Safety.REPEAT.value).values(_no_lease | {"state": QUEUED})
)
# `reconciling` is kept: an interrupted check does not raise new doubt.
RECOVER_UNSURE = (
    update(outbox)
    .where(_expired, _o.safety == Safety.RECONCILE.value)
    .values({"lease_until": None, "owner": None, "state": UNSURE})
    .returning(outbox)
)
_in_doubt = or_(_o.reconciling, is_in(UNSURE))
GIVE_UP = (
    update(outbox)
    .where(_o.id == bindparam("job_id"))
    .values(
        _no_lease
        | {
            "state": case((_in_doubt, UNSURE), else_=FAILED),
            "settled_at": case((_in_doubt, null()), else_=_now),
            "due_at": case((_in_doubt, null()), else_=_o.due_at),
            "note": bindparam("reason"),
        }
    )
)

# --- delete ----------------------------------------------------------------------------------------------

DELETE_RESULTS = (
    update(outbox)
    .where(_o.key.in_(bindparam("keys", expanding=True)), _o.result.is_not(None))
    .values(result=None)
)
PRUNE = delete(outbox).where(
    _o.id.in_(
        select(_o.id)
        .where(_o.settled_at < bindparam("before", type_=UtcDateTime))
        .order_by(_o.settled_at)
        .limit(bindparam("most"))
        .scalar_subquery()
    )
)
