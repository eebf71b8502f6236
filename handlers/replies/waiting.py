"""Show on cards that answers wait: for a rate limit, or for another attempt."""

from datetime import datetime

from domain.delivery.effect import Effect
from handlers.cases.cards import redraw_cards
from storage.unit_of_work import UnitOfWork


def show_wait(uow: UnitOfWork, effect: Effect, *, is_destination_paused: bool, now: datetime) -> None:
    """Have the card updated whose answer was postponed.

    Where its whole destination is paused, all cards are updated whose answers are queued for it.
    """
    paused = uow.outbox.cases_waiting_at(effect.destination) if is_destination_paused else []
    waiting = {*paused, *([effect.case] if effect.case is not None else [])}
    redraw_cards(uow, waiting, now=now)
