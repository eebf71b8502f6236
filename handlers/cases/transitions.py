"""Change a case: check the transition, save by compare-and-swap, audit, refresh card and thread."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case, CaseEvent, next_state
from domain.cases.messages import Delivery, Message
from domain.delivery.effects import NotifyPerson
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.outgoing_message import is_bulk_answer, send_effect
from domain.venues import Venue
from handlers.cases.cards import give_cards, refresh_card
from handlers.cases.waits import resume_wait
from storage.unit_of_work import UnitOfWork

#: After these a person has to decide, on the card, which a case that is held back gets therefore.
_DECIDED_ON_CARD = frozenset({Action.REPLY_FAILED, Action.REPLY_UNSURE})


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
    in_bulk: bool = False,
    **changes: Any,  # noqa: ANN401 - the fields of `Case`, as `dataclasses.replace` takes them
) -> Case:
    """Apply `event` and `changes` to the case, write the audit entry, enqueue the card and thread updates.

    Raises `Refused` where the event is not allowed in the case's state, `StaleCase` where the
    compare-and-swap fails.
    """
    return save_change(
        uow,
        replace(case, state=next_state(case.state, event), **changes),
        actor=actor,
        action=action,
        now=now,
        message_id=message_id,
        detail=detail,
        in_bulk=in_bulk,
    )


def apply_answer(
    uow: UnitOfWork,
    case: Case,
    message: Message,
    *,
    user_id: str,
    action: Action,
    now: datetime,
    detail: Mapping[str, Any],
    in_bulk: bool = False,
) -> Case:
    """Apply the answer that agent `user_id` gives by our stored message, and enqueue its delivery.

    An unclaimed case becomes the agent's unless they answer `in_bulk`; a snooze ends. A closed case that is
    answered in bulk stays closed. Raises as `apply_event` does.
    """
    details: Any = {
        "actor": user_id,
        "action": action,
        "now": now,
        "message_id": message.id,
        "detail": {**detail, **doubt_detail(uow, case, message.venue)},
    }
    if in_bulk and not case.state.is_active:
        changed = save_change(uow, case, **details, in_bulk=True)
    else:
        is_claimed_by_it = not in_bulk and case.claimed_by is None
        changed = apply_event(
            uow,
            case,
            CaseEvent.ANSWER,
            **details,
            claimed_by=user_id if is_claimed_by_it else case.claimed_by,
            claimed_at=now if is_claimed_by_it else case.claimed_at,
            snoozed_until=None,
            in_bulk=in_bulk,
        )
    uow.outbox.add([send_effect(message, changed)], now=now, priority=changed.sort_key)
    return changed


def doubt_detail(uow: UnitOfWork, case: Case, venue: Venue) -> dict[str, bool]:
    """Return, for the audit entry of an answer, whether it waits behind one that may not have arrived."""
    doubtful = uow.messages.latest_reply(case.id) if venue.is_private else None
    waits = doubtful is not None and doubtful.delivery is Delivery.UNSURE and doubtful.venue is venue
    return {"waits": True} if waits else {}


def apply_failure(
    uow: UnitOfWork,
    case: Case,
    message: Message,
    *,
    actor: str,
    action: Action,
    now: datetime,
    detail: Mapping[str, Any],
    in_bulk: bool = False,
) -> Case:
    """Put a case back into the queue, as a message of ours did not reach the customer.

    A closed case that was answered in bulk stays closed: nobody waits for that answer.
    """
    details: Any = {
        "actor": actor,
        "action": action,
        "now": now,
        "message_id": message.id,
        "detail": detail,
        "in_bulk": in_bulk,
    }
    if is_bulk_answer(message) and not case.state.is_active:
        return save_change(uow, case, **details)
    failed = apply_event(
        uow,
        case,
        CaseEvent.SEND_FAILED,
        **details,
        snoozed_until=None,
        closed_by=None,
        closed_at=None,
    )
    if not case.state.is_active:
        resume_wait(uow, failed, now=now)
    return failed


def save_change(
    uow: UnitOfWork,
    case: Case,
    *,
    actor: str,
    action: Action,
    now: datetime,
    message_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
    in_bulk: bool = False,
) -> Case:
    """Save the case as its next version, write the audit entry, and enqueue the card and thread updates.

    `in_bulk` is for many cases at once: nobody waits for these cards. Raises `StaleCase` where the
    compare-and-swap fails, at the latest when the transaction is committed.
    """
    entry = Entry(
        at=now,
        actor=actor,
        action=action,
        case_id=case.id,
        version=case.version + 1,
        message_id=message_id,
        detail=detail or {},
    )
    saved = uow.case_changes.save(case, entry)
    refresh_card(uow, saved, actor=SYSTEM if in_bulk else actor, now=now)
    if action in _DECIDED_ON_CARD:
        give_cards(uow, [saved], now=now)
    return saved


def notify(
    uow: UnitOfWork,
    case: Case,
    person: str | None,
    action: Action,
    *,
    actor: str,
    now: datetime,
    occasion: str | None = None,
) -> None:
    """Notify `person`, or a channel, of the action; nobody where they are the actor or `None`.

    They are told once of each version of the case, or of the `occasion` where that leaves the version as it
    is.
    """
    if person is None or person == actor:
        return
    dedupe_key = f"{case.id}.{case.version if occasion is None else occasion}"
    uow.outbox.add([NotifyPerson(person, actor, action.value, case.id, dedupe_key)], now=now)
