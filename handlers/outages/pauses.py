"""Pause all sending, and resume it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.delivery.effects import held_kinds
from domain.delivery.flood_effects import UpdateFloodBoard
from domain.delivery.pause import Pause
from domain.outages.lifecycle import Actor
from domain.outages.policy import Right
from domain.records.audit import Action, Entry
from handlers.cases.cards import redraw_cards
from handlers.outages.trail import update_open_boards
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """A pause in force. `is_new` is false where somebody else had paused already.

    `being_sent` counts what was being sent at that moment, by kind of effect: it cannot be held any more.
    """

    pause: Pause
    is_new: bool
    being_sent: Mapping[str, int]


def pause_sending(uow: UnitOfWork, *, holds_answers: bool, actor: Actor, now: datetime) -> Paused:
    """Hold broadcasts and bulk answers from now on, and the answers of agents too where `holds_answers`.

    A pause in force that does not hold those does so from then on.
    """
    actor.require(Right.PAUSE)
    # What is queued meanwhile is claimed after this, and held; or it is being sent already, and counted.
    uow.outbox.lock_claims()
    started = uow.pauses.start(by=actor.user_id, at=now, holds_answers=holds_answers)
    current = started or uow.pauses.current()
    widened = uow.pauses.widen() if current and holds_answers and not current.holds_answers else None
    pause = widened or current
    if pause is None:
        raise LookupError("the pause ended while it was read")
    kinds = held_kinds(with_answers=pause.holds_answers)
    if started is not None or widened is not None:
        uow.outbox.hold_queued(kinds)
        _update_cards(uow, now=now)
        _update_boards(uow, now=now)
        _record(uow, Action.SENDING_PAUSED, actor, now, {"holds_answers": holds_answers})
    return Paused(pause=pause, is_new=started is not None, being_sent=uow.outbox.being_sent(kinds))


def resume_sending(uow: UnitOfWork, *, actor: Actor, now: datetime) -> Pause | None:
    """End the pause and make due what it held; `None` where there is no pause."""
    actor.require(Right.PAUSE)
    # What is being claimed is held before this, and released; or it is claimed after it, and sent.
    uow.outbox.lock_claims()
    ended = uow.pauses.end(by=actor.user_id, at=now)
    if ended is not None:
        _update_cards(uow, now=now)
        _update_boards(uow, now=now)
        uow.outbox.release_held(now=now)
        _record(uow, Action.SENDING_RESUMED, actor, now, {"paused_by": ended.paused_by})
    return ended


def sending_now(uow: UnitOfWork) -> Mapping[str, int]:
    """Count what a pause with answers could not hold any more, by kind of effect."""
    return uow.outbox.being_sent(held_kinds(with_answers=True))


def current_pause(uow: UnitOfWork) -> Pause | None:
    """Return the pause in force."""
    return uow.pauses.current()


def _update_cards(uow: UnitOfWork, *, now: datetime) -> None:
    """Have the cards updated whose answers are held."""
    redraw_cards(uow, uow.outbox.held_cases(), now=now)


def _update_boards(uow: UnitOfWork, *, now: datetime) -> None:
    update_open_boards(uow, now=now)
    uow.outbox.add([UpdateFloodBoard(flood.id) for flood in uow.floods.unclosed()], now=now)


def _record(
    uow: UnitOfWork, action: Action, actor: Actor, now: datetime, detail: Mapping[str, object]
) -> None:
    entry = Entry(at=now, actor=actor.user_id, action=action, case_id=None, version=None, detail=detail)
    uow.audit.add_many([entry])
