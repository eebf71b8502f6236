"""Remind of offers that were not taken up, and expire them."""

from dataclasses import replace
from datetime import datetime

from domain.cases.messages import Delivery
from domain.chat.topics import chat_topic
from domain.handoffs.handoff import (
    Handoff,
    HandoffEvent,
    HandoffState,
    transition,
)
from domain.records.audit import SYSTEM, Action
from handlers.cases.transitions import notify, save_change
from handlers.handoffs.current import audit_detail, person_or_none, save_unrecorded
from storage.unit_of_work import UnitOfWork

MINDED_AT_ONCE = 50


def remind_and_expire_offers(uow: UnitOfWork, *, now: datetime) -> int:
    """Remind of offers that were not taken up, and end those whose time has come; says how many."""
    due = uow.handoffs.due(now, limit=MINDED_AT_ONCE)
    # By case, as all who change many do, so that two writers cannot wait for each other.
    return sum([_mind(uow, offer, now) for offer in sorted(due, key=lambda one: (one.case_id, one.id))])


def _mind(uow: UnitOfWork, due: Handoff, now: datetime) -> bool:
    case = uow.cases.get(due.case_id)
    # Read after the case: whoever changes the offer from here on changes the case too, and saving it tells.
    offer = uow.handoffs.get(due.id)
    if offer.state is not HandoffState.OFFERED:
        return False
    over, untold = offer.expires_at <= now, _is_untold(uow, offer)
    uow.handoffs.save(transition(offer, HandoffEvent.EXPIRE, now) if over else replace(offer, remind_at=None))
    uow.signals.send(chat_topic(offer.id))
    if not over and (untold or not case.state.is_active):
        save_unrecorded(uow, case, now)
        return True
    action = Action.OFFER_EXPIRED if over else Action.OFFER_REMINDED
    detail = audit_detail(offer) | {"untold": untold}
    saved = save_change(uow, case, actor=SYSTEM, action=action, now=now, detail=detail)
    if case.state.is_active:
        notify(uow, saved, case.claimed_by or person_or_none(offer.offered_by), action, actor=SYSTEM, now=now)
    return True


def _is_untold(uow: UnitOfWork, offer: Handoff) -> bool:
    """Whether the line that tells the customer is not out: the card says what became of it, and nobody can take the offer up."""
    if offer.message_id is None:
        return False
    return uow.messages.get(offer.message_id).delivery is not Delivery.SENT
