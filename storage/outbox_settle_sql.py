"""Build the statements that settle, postpone, recover and delete rows of the outbox."""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, null, or_, select, update

from domain.delivery.effect import Safety
from storage.outbox_conditions import UNSETTLED, is_in
from storage.outbox_tables import FAILED, QUEUED, SENDING, SENT, UNSURE, outbox
from storage.types import UtcDateTime

_o = outbox.c
_now: ColumnElement[Any] = bindparam("now", type_=UtcDateTime)
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
