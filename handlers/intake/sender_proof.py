"""Whether a private message is shown to come from whoever is at its hand-off, by what came with it."""

from domain.cases.case import Case
from domain.handoffs.email_addresses import same_address
from domain.handoffs.handoff import Handoff
from domain.intake.private_messages import IncomingMessage
from domain.venues import Venue
from storage.unit_of_work import UnitOfWork


def is_sender_proven(uow: UnitOfWork, heard: IncomingMessage, case: Case, there: Handoff) -> bool:
    """Whether its sender is who the hand-off `there` knows, or, by direct message, the case's author.

    Networks vouch for their accounts, and a chat's cookie is its visitor's alone. The sender of a mail is whatever is written there: it must be
    the hand-off's address, and the mail must carry what we sent to that address alone.
    """
    match heard.venue:
        case Venue.CHAT:
            return heard.handoff_id == there.id
        case Venue.EMAIL:
            address = heard.address or ""
            is_theirs = there.address is not None and same_address(address, there.address)
            return is_theirs and _holds_what_we_sent(uow, heard, there)
        case Venue.DM:
            is_author = (heard.network, heard.author.id) == (case.network, case.author.id)
            return is_author or (there.venue is Venue.DM and there.address == heard.author.id)
    return False


def _holds_what_we_sent(uow: UnitOfWork, heard: IncomingMessage, there: Handoff) -> bool:
    """Whether the mail has this hand-off's reply token, or names a mail that went to it. Both are signed, so that nobody guesses them."""
    if heard.handoff_id == there.id:
        return True
    ours = uow.messages.ours_by_external_id(heard.answers) if heard.answers else []
    return any(one.venue is Venue.EMAIL and one.handoff_id == there.id for one in ours)
