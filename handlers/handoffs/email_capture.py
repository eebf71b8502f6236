"""Capture a customer's e-mail address on our page. Each link accepts one address."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.cases.case import CaseEvent, next_state
from domain.cases.case_lifecycle import asked_by_press
from domain.handoffs.handoff import Handoff, HandoffState
from domain.venues import Venue
from handlers.cases.waits import follow_press
from handlers.handoffs.arrival import record_arrival
from storage.unit_of_work import UnitOfWork


class InvitationState(StrEnum):
    """What can be done with an invitation link."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation link's state and its customer's language.

    `code` is what the customer sends from their public account to be verified, empty where they are.
    `offered_by` is who asks for the address, and `network` where the customer wrote. `address` is what was
    left, as long as we write to it.
    """

    state: InvitationState
    language: str = ""
    code: str = ""
    offered_by: str = ""
    network: str = ""
    address: str = ""


def open_invitation(uow: UnitOfWork, *, nonce: str, now: datetime) -> Invitation:
    """Read the state of the nonce's link. Changes nothing: link previews request it too."""
    handoff = uow.handoffs.by_nonce(nonce)
    if handoff is None or handoff.venue is not Venue.EMAIL:
        return Invitation(InvitationState.UNKNOWN)
    case = uow.cases.get(handoff.case_id)
    state, language = _invitation_state(handoff, now), case.assessment.language
    return Invitation(
        state,
        language,
        code="" if handoff.is_verified else handoff.code,
        offered_by=handoff.offered_by,
        network=case.network,
        address=(handoff.address or "") if handoff.state is HandoffState.ARRIVED else "",
    )


def submit_address(uow: UnitOfWork, *, nonce: str, address: str, now: datetime) -> Invitation:
    """Store the address where the link is still open; returns the invitation as it was before."""
    handoff = uow.handoffs.by_nonce(nonce)
    if handoff is None or handoff.venue is not Venue.EMAIL:
        return Invitation(InvitationState.UNKNOWN)
    case = uow.cases.get(handoff.case_id)
    # Load the case first: of two submissions at once, the second fails its compare-and-swap, is rerun and
    # finds the first.
    before = _invitation_state(uow.handoffs.get(handoff.id), now)
    if before is InvitationState.OPEN:
        saved = uow.cases.save(
            replace(
                asked_by_press(case, now, uow.service_levels),
                state=next_state(case.state, CaseEvent.CUSTOMER_WROTE),
            )
        )
        follow_press(uow, saved, now=now)
        record_arrival(uow, handoff.id, address=address, now=now)
    return Invitation(before, case.assessment.language)


def _invitation_state(handoff: Handoff, now: datetime) -> InvitationState:
    if handoff.address is not None or handoff.state is HandoffState.ARRIVED:
        return InvitationState.USED
    is_open = handoff.state is HandoffState.OFFERED and now < handoff.expires_at
    return InvitationState.OPEN if is_open else InvitationState.EXPIRED
