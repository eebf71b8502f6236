"""The customer tells us on a page of ours where we can write to them. The link works once."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.cases.case import CaseEvent, next_state
from domain.handoffs.handoff import Handoff, HandoffState
from domain.venues import Venue
from handlers.handoffs.arrival import record_arrival
from storage.unit_of_work import UnitOfWork


class InvitationState(StrEnum):
    """What can be done with a link that is ours."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom a link was given to: how it stands, and in which language they wrote. `code` is what shows who they are, once they came."""

    standing: InvitationState
    language: str = ""
    code: str = ""


def open_invitation(uow: UnitOfWork, *, nonce: str, now: datetime) -> Invitation:
    """How the link of this nonce stands; changes nothing, as whatever previews links reads it too."""
    handoff = uow.handoffs.by_nonce(nonce)
    if handoff is None or handoff.venue is not Venue.EMAIL:
        return Invitation(InvitationState.UNKNOWN)
    language = uow.cases.get(handoff.case_id).assessment.language
    return Invitation(_standing(handoff, now), language, handoff.code)


def submit_address(uow: UnitOfWork, *, nonce: str, address: str, now: datetime) -> Invitation:
    """Keep the address where the link is still open; says how it stood before."""
    handoff = uow.handoffs.by_nonce(nonce)
    if handoff is None or handoff.venue is not Venue.EMAIL:
        return Invitation(InvitationState.UNKNOWN)
    case = uow.cases.get(handoff.case_id)
    # Read after the case, which is saved as it was read: who comes second is run again, and finds what the first one did.
    standing = _standing(uow.handoffs.get(handoff.id), now)
    if standing is InvitationState.OPEN:
        uow.cases.save(
            replace(
                case,
                state=next_state(case.state, CaseEvent.CUSTOMER_WROTE),
                waiting_since=case.waiting_since or now,
                snoozed_until=None,
            )
        )
        record_arrival(uow, handoff.id, address=address, now=now)
    return Invitation(standing, case.assessment.language, handoff.code)


def _standing(handoff: Handoff, now: datetime) -> InvitationState:
    if handoff.address is not None or handoff.state is HandoffState.ARRIVED:
        return InvitationState.USED
    is_open = handoff.state is HandoffState.OFFERED and now < handoff.expires_at
    return InvitationState.OPEN if is_open else InvitationState.EXPIRED
