"""The one way in which a use case changes a case: rule, compare-and-swap, trail, card."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case, CaseEvent, next_state
from domain.delivery.effects import Effect, PostThread, TellPerson, UpdateCard
from domain.records.audit import Action, Entry
from storage.unit_of_work import UnitOfWork


def apply_event(
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
    return save_change(
        uow,
        replace(case, state=next_state(case.state, event), **changes),
        actor=actor,
        action=action,
        now=now,
        message_id=message_id,
        detail=detail,
    )


def save_change(
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
    uow.outbox.add(refresh_effects(saved), now=now, priority=saved.sort_key)
    return saved


def notify(
    uow: UnitOfWork, case: Case, person: str | None, action: Action, *, actor: str, now: datetime
) -> None:
    """Tell somebody what happened to a case of theirs, unless nobody is to be told or they did it themselves."""
    if person is None or person == actor:
        return
    once = f"{case.id}.{case.version}"
    uow.outbox.add([TellPerson(person, actor, action.value, case.id, once)], now=now)


def refresh_effects(case: Case) -> tuple[Effect, ...]:
    """What brings the case's card and thread up to date."""
    return UpdateCard(case.id), PostThread(case.id, case.channel)
