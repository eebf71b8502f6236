"""The one way in which a use case changes a case: rule, compare-and-swap, trail, card."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.audit import Action, Entry
from domain.cases import Case, CaseEvent, next_state
from domain.effects import Effect, PostThread, TellPerson, UpdateCard
from domain.errors import AlreadyClosed, ChangedSince, HeldByAnother
from domain.ports import UnitOfWork


def change(
    uow: UnitOfWork,
    case: Case,
    event: CaseEvent,
    *,
    actor: str,
    action: Action,
    now: datetime,
    message_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
    **changes: Any,  # noqa: ANN401 - the fields of `Case`, as `dataclasses.replace` takes them
) -> Case:
    """Apply `event` to the case with `changes`, keep it in the trail, and have its card and thread follow.

    Raises `Refused` where the event may not happen now, `StaleCase` where somebody else was quicker.
    """
    return record(
        uow,
        replace(case, state=next_state(case.state, event), **changes),
        actor=actor,
        action=action,
        now=now,
        message_id=message_id,
        detail=detail,
    )


def record(
    uow: UnitOfWork,
    case: Case,
    *,
    actor: str,
    action: Action,
    now: datetime,
    message_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Case:
    """Save the case as its next version, keep what happened in the trail, and have its card and thread follow."""
    saved = uow.cases.save(case)
    entry = Entry(
        at=now,
        actor=actor,
        action=action,
        case_id=saved.id,
        version=saved.version,
        message_id=message_id,
        detail=detail or {},
    )
    uow.audit.add_many([entry])
    uow.outbox.add(shown(saved), now=now, priority=saved.sort_key)
    return saved


def tell(
    uow: UnitOfWork, case: Case, person: str | None, action: Action, *, actor: str, now: datetime
) -> None:
    """Tell somebody what happened to a case of theirs, unless nobody is to be told or they did it themselves."""
    if person is None or person == actor:
        return
    once = f"{case.id}.{case.version}"
    uow.outbox.add([TellPerson(person, actor, action.value, case.id, once)], now=now)


def shown(case: Case) -> tuple[Effect, ...]:
    """What brings the case's card and thread up to date."""
    return UpdateCard(case.id), PostThread(case.id, case.channel)


def require_active(case: Case) -> None:
    """Raise `AlreadyClosed` for a resolved or dismissed case."""
    if not case.state.is_active:
        raise AlreadyClosed(case.state.value, case.closed_by, case.closed_at)


def require_not_held_by_another(case: Case, user_id: str) -> None:
    """Raise `HeldByAnother` where somebody else has claimed the case."""
    if case.claimed_by not in (None, user_id):
        raise HeldByAnother(str(case.claimed_by), case.claimed_at)


def require_current(uow: UnitOfWork, case: Case, *, version: int | None, user_id: str) -> None:
    """Raise `ChangedSince` where anybody but this person did something since the card was drawn at `version`."""
    if version is None or version == case.version:
        return
    news = [entry for entry in uow.audit.since_version(case.id, version) if entry.actor != user_id]
    if news:
        raise ChangedSince(news)
