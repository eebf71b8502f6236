"""Redraw the cards that say until when the desk is closed, once it has opened."""

from datetime import UTC, datetime

from domain.delivery.effects import UpdateCard
from handlers.cases.cards import update_priority
from storage.unit_of_work import UnitOfWork

#: Far more cards than a channel takes in an hour; whatever changes a case redraws its card, too.
MAX_CARDS = 2_000
_LAST = datetime.max.replace(tzinfo=UTC)


def redraw_at_opening(uow: UnitOfWork, *, now: datetime) -> int:
    """Queue updates of the cards with a reply due where the desk has opened, or opens at another time.

    The next opening is stored, so that one during a restart is not missed. Returns how many were queued.
    """
    opens_at, announced = uow.service_levels.hours.opens_at(now), uow.marks.opening()
    if opens_at == announced:
        return 0
    uow.marks.set_opening(opens_at)
    if announced is None:
        return 0
    cases = [case for case in uow.cases.due_before(_LAST, limit=MAX_CARDS) if case.card_ts is not None]
    uow.outbox.add_ranked([(UpdateCard(case.id), update_priority(case)) for case in cases], now=now)
    return len(cases)
