"""Find the private conversation that a reply may be written to."""

from domain.cases.case import Case
from domain.errors import Refused
from domain.handoffs.handoff import Handoff
from domain.venues import Venue
from handlers.handoffs.current_handoff import arrived_handoff
from handlers.handoffs.opt_out import has_opted_out
from storage.unit_of_work import UnitOfWork


def require_private_handoff(uow: UnitOfWork, case: Case, *, by_form: bool) -> Handoff:
    """Return the arrived hand-off of a case, if it can be written to; raises `Refused` otherwise.

    In the thread, where agents talk among themselves, the case must be claimed. What a form sends claims it.
    """
    handoff = arrived_handoff(uow, case.id)
    if handoff is None and uow.handoffs.current(case.id) is not None:
        raise Refused(
            "Nothing was sent to the customer: they have been told where to go, and are not there yet. "
            "The card will say when they arrive."
        )
    if handoff is None:
        raise Refused(
            "Nothing was sent to the customer: this conversation is public, and in public only the answer form sends. "
            "Press Answer… on the card, or Move to… to go somewhere private."
        )
    if case.claimed_by is None and not by_form:
        raise Refused(
            "Nothing was sent to the customer: only whoever has claimed the case speaks to them. Press Claim on the card first."
        )
    if handoff.venue is Venue.DM and has_opted_out(uow, case):
        raise Refused(
            "Nothing was sent: the customer has asked not to be written to in private. Press Move to… and Back to public."
        )
    return handoff
