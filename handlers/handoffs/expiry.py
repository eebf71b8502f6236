"""Remind agents of offers that were not taken up, and expire overdue ones."""

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
from handlers.handoffs.current_handoff import audit_detail, save_without_audit
from storage.unit_of_work import UnitOfWork

MAX_OFFERS_PER_RUN = 50


def remind_and_expire_offers(uow: UnitOfWork, *, now: datetime) -> int:
    """Remind of offers that were not taken up, and expire those that are overdue.

    Returns how many were handled.
    """
    due = uow.handoffs.due(now, limit=MAX_OFFERS_PER_RUN)
    # Ordered by case, as everywhere that locks several cases, to avoid deadlocks.
    in_lock_order = sorted(due, key=lambda offer: (offer.case_id, offer.id))
    return sum([_remind_or_expire(uow, offer, now) for offer in in_lock_order])


def _remind_or_expire(uow: UnitOfWork, due: Handoff, now: datetime) -> bool:
    case = uow.cases.get(due.case_id)
    # Load the case first: whoever changes the offer saves the case too, so its compare-and-swap detects the
    # change.
    offer = uow.handoffs.get(due.id)
    if offer.state is not HandoffState.OFFERED:
        return False
    is_overdue, is_offer_unsent = offer.expires_at <= now, _is_offer_unsent(uow, offer)
    uow.handoffs.save(
        transition(offer, HandoffEvent.EXPIRE, now) if is_overdue else replace(offer, remind_at=None)
    )
    uow.signals.send(chat_topic(offer.id))
    if not is_overdue and (is_offer_unsent or not case.state.is_active):
        save_without_audit(uow, case, now)
        return True
    action = Action.OFFER_EXPIRED if is_overdue else Action.OFFER_REMINDED
    detail = audit_detail(offer) | {"untold": is_offer_unsent}  # as stored
    saved = save_change(uow, case, actor=SYSTEM, action=action, now=now, detail=detail)
    if case.state.is_active:
        notify(uow, saved, case.claimed_by or offer.offered_by, action, actor=SYSTEM, now=now)
    return True


def _is_offer_unsent(uow: UnitOfWork, offer: Handoff) -> bool:
    """Whether the message that makes the offer was not sent.

    No reminder then, the card shows the failure and nobody can take it up.
    """
    if offer.message_id is None:
        return False
    return uow.messages.get(offer.message_id).delivery is not Delivery.SENT
