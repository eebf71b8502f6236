"""The current hand-off of a case: read it, supersede it, describe it in the audit trail."""

from datetime import datetime

from domain.cases.case import Case
from domain.chat.topics import chat_topic
from domain.handoffs.handoff import (
    Handoff,
    HandoffEvent,
    HandoffState,
    transition,
)
from domain.records.audit import SYSTEM
from handlers.cases.transitions import refresh_effects
from storage.unit_of_work import UnitOfWork


def arrived_handoff(uow: UnitOfWork, case_id: int) -> Handoff | None:
    """Where the customer is in private now, whatever was offered to them since; `None` where the conversation is public."""
    there = [one for one in uow.handoffs.of_case(case_id) if one.state is HandoffState.ARRIVED]
    return there[-1] if there else None


def supersede(uow: UnitOfWork, case_id: int, state: HandoffState, *, now: datetime) -> None:
    """A new offer takes the place of what was offered, a new arrival that of where the customer was; the caller saves the case.

    Until an offer is taken up, the conversation stays where it is; and whoever writes elsewhere meanwhile may still take it up.
    """
    for other in uow.handoffs.of_case(case_id):
        if other.state is state:
            uow.handoffs.save(transition(other, HandoffEvent.REPLACE, now))
            uow.signals.send(chat_topic(other.id))


def audit_detail(handoff: Handoff) -> dict[str, str | int | None]:
    """What the trail keeps of a hand-off."""
    return {
        "handoff": handoff.id,
        "venue": handoff.venue.value,
        "proof": handoff.proof.value if handoff.proof else None,
    }


def save_unrecorded(uow: UnitOfWork, case: Case, now: datetime) -> None:
    """Have others see that something of the case changed that its trail does not tell."""
    saved = uow.cases.save(case)
    uow.outbox.add(refresh_effects(saved), now=now, priority=saved.sort_key)


def person_or_none(offered_by: str) -> str | None:
    return None if offered_by == SYSTEM else offered_by
