"""Read and supersede the current hand-off of a case, and describe it for the audit trail."""

from datetime import datetime

from domain.cases.case import Case
from domain.chat.topics import chat_topic
from domain.errors import CustomerInPrivate
from domain.handoffs.handoff import (
    Handoff,
    HandoffEvent,
    HandoffState,
    newest_arrived,
    transition,
)
from domain.records.audit import SYSTEM
from handlers.cases.cards import refresh_card
from storage.unit_of_work import UnitOfWork


def arrived_handoff(uow: UnitOfWork, case_id: int) -> Handoff | None:
    """Return the hand-off where the conversation is now, whatever was offered since.

    Returns `None` where it is public.
    """
    return newest_arrived(uow.handoffs.of_case(case_id))


def require_public(uow: UnitOfWork, case_id: int) -> None:
    """Raise `CustomerInPrivate` where the customer has arrived in private.

    A reply meant for there must not become public.
    """
    arrived = arrived_handoff(uow, case_id)
    if arrived is not None:
        raise CustomerInPrivate(arrived.venue)


def supersede(uow: UnitOfWork, case_id: int, state: HandoffState, *, now: datetime) -> None:
    """Mark the case's hand-offs in `state` as replaced. The caller saves the case.

    Per state, because an offer does not end an arrived hand-off before the customer takes it up, and an
    arrival elsewhere leaves an offer open.
    """
    for other in uow.handoffs.of_case(case_id):
        if other.state is state:
            uow.handoffs.save(transition(other, HandoffEvent.REPLACE, now))
            uow.signals.send(chat_topic(other.id))


def audit_detail(handoff: Handoff) -> dict[str, str | int | None]:
    """Return the fields of a hand-off that the audit trail keeps."""
    return {
        "handoff": handoff.id,
        "venue": handoff.venue.value,
        "proof": handoff.proof.value if handoff.proof else None,
    }


def save_without_audit(uow: UnitOfWork, case: Case, now: datetime) -> None:
    """Save the case as a new version and refresh its card and thread, without an audit entry."""
    saved = uow.cases.save(case)
    refresh_card(uow, saved, actor=SYSTEM, now=now)
