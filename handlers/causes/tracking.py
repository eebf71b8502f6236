"""Create and change causes, compare posts with them, and correct which cases belong to them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.causes.cause import (
    Cause,
    CauseChanged,
    CauseEdit,
    CauseNameTaken,
    CauseState,
    Membership,
    edited,
    new_cause,
)
from domain.causes.membership import members_of
from domain.delivery.cause_effects import PostCauseFixed
from domain.errors import Refused
from domain.records.audit import SYSTEM, Action, Entry
from handlers.cases.transitions import save_change
from storage.unit_of_work import UnitOfWork

BATCH = 500  # posts that are compared in one transaction


def create_cause(uow: UnitOfWork, *, edit: CauseEdit, user_id: str, now: datetime) -> Cause:
    """Create a cause as a form says.

    Raises `BadCauseName`, `CauseNameTaken`, `BadPhrases`, `FixedInFuture`.
    """
    _require_free(uow, edit.name)
    made = edited(new_cause(edit.name, edit.phrases, by=user_id, now=now), edit, now=now)
    # What was written before the first post that we have is not known: it was not nothing.
    known_since = uow.arrivals.first_at(since=made.since) or now
    cause = uow.causes.add(replace(made, since=max(made.since, known_since)))
    detail = {"name": cause.name, "phrases": list(cause.phrases), "state": cause.state.value}
    _record(uow, cause, Action.CAUSE_CREATED, actor=user_id, now=now, detail=detail)
    return cause


def edit_cause(
    uow: UnitOfWork, *, cause_id: int, version: int, edit: CauseEdit, user_id: str, now: datetime
) -> Cause:
    """Change a cause as a form says that was opened at `version`.

    Raises `CauseChanged` where somebody else changed it since, and what `create_cause` does.
    """
    cause = uow.causes.lock(cause_id)
    if cause.version != version:
        raise CauseChanged(cause)
    if _as_compared(edit.name) != _as_compared(cause.name):  # older causes may share a name
        _require_free(uow, edit.name)
    return _save(uow, cause, edited(cause, edit, now=now), actor=user_id, now=now)


def set_state(
    uow: UnitOfWork, *, cause_id: int, state: CauseState, actor: str, now: datetime, reason: str = ""
) -> Cause:
    """Set a cause's state, as an issue tracker does (`actor` is `SYSTEM`, `reason` says which issue)."""
    cause = uow.causes.lock(cause_id)
    edit = CauseEdit(name=cause.name, owner=cause.owner, state=state, phrases=cause.phrases)
    return _save(uow, cause, edited(cause, edit, now=now), actor=actor, now=now, reason=reason)


def decide_membership(
    uow: UnitOfWork, *, cause_id: int, case_id: int, belongs: bool, user_id: str, now: datetime
) -> None:
    """Record that a person says whether a case belongs to a cause; no rule changes that later.

    Raises `Refused` where the case has no public post.
    """
    case, cause = uow.cases.get(case_id), uow.causes.get(cause_id)
    known = {one.cause_id: one for _, one in uow.causes.of_case(case_id)}.get(cause_id)
    first = (known.message_id, known.at) if known is not None else uow.causes.first_mention(case_id)
    if first is None:
        raise Refused("Nothing was changed: causes count public posts, and this case has none.")
    if known is not None and known.belongs is belongs and known.decided_by is not None:
        return
    member = Membership(
        cause_id=cause_id,
        case_id=case_id,
        message_id=first[0],
        at=first[1],
        belongs=belongs,
        decided_by=user_id,
        decided_at=now,
    )
    uow.causes.decide(member)
    detail = {"cause": cause.id, "name": cause.name, "belongs": belongs}
    save_change(uow, case, actor=user_id, action=Action.CAUSE_DECIDED, now=now, detail=detail)


def compare_posts(uow: UnitOfWork) -> bool:
    """Compare a batch of new posts with each cause; return whether there are more.

    Causes that are over are compared as well: what comes after the fix is counted.
    """
    has_more = False
    for one in sorted(uow.causes.all(), key=lambda cause: cause.id):
        cause = uow.causes.lock(one.id)
        posts, cursor = uow.causes.posts_after(cause, limit=BATCH)
        uow.causes.add_members(members_of(cause, posts))
        if cursor != cause.compared_id:
            uow.causes.move_cursor(cause.id, cursor)
        has_more = has_more or len(posts) == BATCH
    return has_more


def _save(
    uow: UnitOfWork, cause: Cause, changed: Cause, *, actor: str, now: datetime, reason: str = ""
) -> Cause:
    detail = _difference(cause, changed)
    if not detail:
        return cause
    changed = replace(changed, version=cause.version + 1)
    uow.causes.save(changed)
    if changed.phrases != cause.phrases:
        uow.causes.compare_again(changed)
    if reason:
        detail |= {"reason": reason}
    _record(uow, changed, Action.CAUSE_CHANGED, actor=actor, now=now, detail=detail)
    if changed.state is CauseState.FIXED and cause.state is not CauseState.FIXED:
        _list_who_waits(uow, changed, actor=actor, now=now)
    return changed


def _require_free(uow: UnitOfWork, name: str) -> None:
    """Raise `CauseNameTaken` where a cause is called so: *Make this a cause* may be pressed twice."""
    uow.causes.lock_names()
    called = _as_compared(name)
    for cause in uow.causes.all():
        if _as_compared(cause.name) == called:
            raise CauseNameTaken(cause.name, cause.state)


def _as_compared(name: str) -> str:
    return " ".join(name.split()).casefold()


def _list_who_waits(uow: UnitOfWork, cause: Cause, *, actor: str, now: datetime) -> None:
    """Have the customers who still wait listed for whoever set it to fixed, or who owns or created it."""
    to = cause.owner or cause.created_by if actor == SYSTEM else actor
    if uow.causes.count_waiting(cause.id):
        uow.outbox.add([PostCauseFixed(cause.id, cause.version, to)], now=now)


def _difference(cause: Cause, changed: Cause) -> dict[str, Any]:
    """Return what changed, as an audit entry has it."""
    values = {
        "name": changed.name,
        "owner": changed.owner or "",
        "state": changed.state.value,
        "phrases": list(changed.phrases),
        "fixed_at": changed.fixed_at.isoformat() if changed.fixed_at else "",
    }
    return {name: value for name, value in values.items() if getattr(cause, name) != getattr(changed, name)}


def _record(
    uow: UnitOfWork, cause: Cause, action: Action, *, actor: str, now: datetime, detail: Mapping[str, Any]
) -> None:
    whole = {"cause": cause.id} | dict(detail)
    entry = Entry(at=now, actor=actor, action=action, case_id=None, version=cause.version, detail=whole)
    uow.audit.add_many([entry])
