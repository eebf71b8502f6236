"""The outbox's statements, each built once."""

from typing import Any

from sqlalchemy import (
    CTE,
    Column,
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
    union_all,
    update,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from domain.delivery.effects import Safety
from storage.dialects import Upsert, upserts
from storage.tables import FAILED, QUEUED, SENDING, SENT, UNSURE, destinations, outbox
from storage.types import UtcDateTime

_o = outbox.c
_now: ColumnElement[Any] = bindparam("now", type_=UtcDateTime)
_unsettled = _o.settled_at.is_(None)


def _is(state: str, row: ReadOnlyColumnCollection[str, Column[Any]] = _o) -> ColumnElement[bool]:
    """Whether the row stands so; spelled out in the SQL, as the partial indexes are."""
    return row.state == literal_column(f"'{state}'")


# Every act is put in by the statement below: what never varies is spelled out in it, and need not be bound each time.
_queued: ColumnElement[Any] = literal_column(f"'{QUEUED}'")
_none: ColumnElement[Any] = literal_column("0")
_one: ColumnElement[Any] = literal_column("1")

#: Columns of a fresh row besides those that its effect gives.
_FRESH: dict[str, Any] = {
    "state": _queued,
    "generation": _one,
    "claimed_generation": _none,
    "attempts": _none,
    "checks": _none,
    "reconciling": false(),
    "answered": false(),
}
_FORGOTTEN = ("first_tried_at", "departed_at", "lease_until", "owner", "settled_at", "note", "result")


def _add(insert: Upsert) -> Upsert:
    """Insert, or bring back what coalesces: settled rows start anew, queued ones come forward, others are marked."""
    new = insert.excluded
    settled, queued = _o.settled_at.is_not(None), _is(QUEUED)
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
    changes |= {name: case((settled, null()), else_=_o[name]) for name in _FORGOTTEN}
    return insert.values(_FRESH).on_conflict_do_update(
        index_elements=["key"], set_=changes, where=_o.coalesce
    )


_FROM_EFFECT = ("payload", "lane", "destination", "stream")
ADD = {name: _add(insert) for name, insert in upserts(outbox).items()}


UNSETTLED_OF = (
    select(_o.stream).distinct().where(_unsettled, _o.stream.in_(bindparam("streams", expanding=True)))
)

# --- claiming: see `storage.outbox_claims` -----------------------------------------------------------------------------------

_due = and_(or_(_is(QUEUED), _is(UNSURE)), _o.due_at <= _now)
_other = outbox.alias("other")
#: Nothing earlier of the stream is unsettled, and nothing later is under way (an earlier row may have come back after it).
_in_turn = ~exists().where(
    _other.c.stream == _o.stream,
    _other.c.id != _o.id,
    _other.c.settled_at.is_(None),
    or_(_other.c.id < _o.id, _is(SENDING, _other.c)),
)


def _waiting_destinations() -> CTE:
    """The names in use, jumped to one by one along the index, so that ten thousand waiting rows cost as much as one."""
    first = select(func.min(_o.destination).label("name")).where(_unsettled).cte("waiting", recursive=True)
    following = (
        select(func.min(_o.destination)).where(_unsettled, _o.destination > first.c.name).scalar_subquery()
    )
    return first.union_all(select(following).where(first.c.name.is_not(None)))


_waiting = _waiting_destinations()
_d = destinations.c
_by_turn = (_o.lane, _o.priority.desc(), _o.id)
_first_of_destination = (
    select(_o.id)
    .where(
        _unsettled,
        _is(QUEUED),
        _o.due_at <= _now,
        _o.destination == _waiting.c.name,
        _in_turn,
    )
    .order_by(*_by_turn)
    .limit(bindparam("most"))
    .correlate(_waiting)
)
_candidate = (_o.id, _o.destination, _o.lane, _o.priority)
#: Queued rows that may go: at most `most` for each destination that is neither paused nor ahead of its pace.
SENDABLE = (
    select(*_candidate, _d.next_at)
    .select_from(
        _waiting.outerjoin(destinations, _d.name == _waiting.c.name).join(
            outbox, _o.id.in_(_first_of_destination)
        )
    )
    .where(
        _waiting.c.name.is_not(None),
        or_(_d.free_at.is_(None), _d.free_at <= _now),
        or_(_d.paused_until.is_(None), _d.paused_until <= _now),
    )
)
#: Unsure rows that are due to be checked; a look at the other side does not use up the pace.
CHECKABLE = (
    select(*_candidate)
    .select_from(outbox.outerjoin(destinations, _d.name == _o.destination))
    .where(
        _unsettled,
        _is(UNSURE),
        _o.due_at <= _now,
        or_(_d.paused_until.is_(None), _d.paused_until <= _now),
        _in_turn,
    )
    .order_by(*_by_turn)
    .limit(bindparam("most"))
)
TAKE = (
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
        reconciling=_is(UNSURE),
        answered=and_(_is(UNSURE), _o.answered),
        attempts=_o.attempts + case((_is(QUEUED), 1), else_=0),
        checks=_o.checks + case((_is(UNSURE), 1), else_=0),
        claimed_generation=case((_is(QUEUED), _o.generation), else_=_o.claimed_generation),
        lease_until=bindparam("until"),
        owner=bindparam("by"),
        first_tried_at=func.coalesce(_o.first_tried_at, _now),
    )
    .returning(outbox)
)
DEPART = update(outbox).where(_o.id == bindparam("job_id")).values(departed_at=_now)
PACE = {
    name: insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"next_at": insert.excluded.next_at, "free_at": insert.excluded.free_at},
    )
    for name, insert in upserts(destinations).items()
}


def _pause(insert: Upsert) -> Upsert:
    """A longer pause that is on already stays."""
    asked = insert.excluded.paused_until
    longer = case((_d.paused_until > asked, _d.paused_until), else_=asked)
    return insert.on_conflict_do_update(index_elements=["name"], set_={"paused_until": longer})


PAUSE = {name: _pause(insert) for name, insert in upserts(destinations).items()}


# --- settling -------------------------------------------------------------------------------------------------------------

_again = _o.generation > _o.claimed_generation
_let_go: dict[str, Any] = {"lease_until": None, "owner": None, "reconciling": False}


def _settled(state: str, **values: object) -> dict[str, Any]:
    """`state`, or queued from the start where the act was asked for again while it was under way."""
    return (
        _let_go
        | {
            "state": case((_again, QUEUED), else_=state),
            "settled_at": case((_again, null()), else_=_now),
            "due_at": case((_again, _now), else_=_o.due_at),
            "attempts": case((_again, 0), else_=_o.attempts),
            "checks": case((_again, 0), else_=_o.checks),
            "first_tried_at": case((_again, null()), else_=_o.first_tried_at),
        }
        | values
    )


#: The very try that the job is: a lease that was lost and given to somebody else leaves no say.
_this_try = (
    _o.id == bindparam("job_id"),
    or_(_is(SENDING), _is(UNSURE)),
    _o.claimed_generation == bindparam("job_generation"),
    _o.attempts == bindparam("job_attempts"),
)
_this_check = (*_this_try, _o.checks == bindparam("job_checks"))
SETTLE = (
    update(outbox)
    .where(*_this_try)
    .values(_settled(SENT, result=bindparam("said", type_=_o.result.type), note=None))
)
FAIL = update(outbox).where(*_this_check).values(_settled(FAILED, note=bindparam("reason")))
POSTPONE = (
    update(outbox)
    .where(*_this_check)
    .values(
        _let_go
        | {
            "state": QUEUED,
            "due_at": bindparam("due"),
            "note": bindparam("reason"),
            "attempts": _o.attempts - bindparam("uncounted"),
        }
    )
)
HOLD = (
    update(outbox)
    .where(*_this_check)
    .values(
        _let_go
        | {
            "state": UNSURE,
            "due_at": bindparam("due"),
            "note": bindparam("reason"),
            "answered": bindparam("had_answer"),
        }
    )
)
# A check may be under way just now; what the person saw counts.
_by_key = (_o.key == bindparam("its_key"), or_(_is(UNSURE), and_(_is(SENDING), _o.reconciling)))
PERSON_SAYS = {
    True: update(outbox).where(*_by_key).values(_settled(SENT, note=None)),
    False: update(outbox).where(*_by_key).values(_settled(FAILED)),
}
# Their `due_at` is past since they were taken, so they are due at once.
_lost = and_(_unsettled, _is(SENDING), _o.lease_until < _now)
RECOVER_SAFE = (
    update(outbox).where(_lost, _o.safety == Safety.REPEAT.value).values(_let_go | {"state": QUEUED})
)
# `reconciling` stays as it was: an interrupted look at the other side is no new doubt.
RECOVER_UNSURE = (
    update(outbox)
    .where(_lost, _o.safety == Safety.RECONCILE.value)
    .values({"lease_until": None, "owner": None, "state": UNSURE})
    .returning(outbox)
)
_in_doubt = or_(_o.reconciling, _is(UNSURE))
GIVE_UP = (
    update(outbox)
    .where(_o.id == bindparam("job_id"))
    .values(
        _let_go
        | {
            "state": case((_in_doubt, UNSURE), else_=FAILED),
            "settled_at": case((_in_doubt, null()), else_=_now),
            "due_at": case((_in_doubt, null()), else_=_o.due_at),
            "note": bindparam("reason"),
        }
    )
)


# --- looking ---------------------------------------------------------------------------------------------------------------


def _latest(*moments: ColumnElement[Any]) -> ColumnElement[Any]:
    """The latest of moments that may be NULL; the databases have different words for it."""
    latest = moments[0]
    for moment in moments[1:]:
        latest = case((or_(moment.is_(None), moment < latest), latest), else_=moment)
    return latest


_free = _latest(_now, _d.free_at, _d.paused_until)
_queued_here = (_unsettled, _is(QUEUED), _o.destination == _waiting.c.name, _in_turn)
_next_here = case(
    (exists().where(*_queued_here, _o.due_at <= _free).correlate(_waiting, destinations), _free),
    else_=select(func.min(_o.due_at)).where(*_queued_here).correlate(_waiting).scalar_subquery(),
)
NEXT_SEND = select(func.min(_next_here, type_=UtcDateTime)).select_from(
    _waiting.outerjoin(destinations, _d.name == _waiting.c.name)
)
NEXT_CHECK = (
    select(func.min(_latest(_o.due_at, _d.paused_until), type_=UtcDateTime))
    .select_from(outbox.outerjoin(destinations, _d.name == _o.destination))
    .where(_unsettled, _is(UNSURE), _o.due_at.is_not(None), _in_turn)
)
COUNTS = union_all(
    *(
        select(_o.state, func.count().label("many")).where(condition).group_by(_o.state)
        for condition in (_unsettled, _o.settled_at.is_not(None))
    )
)
FORGET_RESULTS = (
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
