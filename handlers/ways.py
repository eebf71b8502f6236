"""Where a conversation may go, and how the customer is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.cases import Case
from domain.handoffs import HandoffState
from domain.ports import TextCount, UnitOfWork
from domain.posts import ReplyBlock
from domain.venues import Venue
from domain.views import VenueChoice
from handlers.private import LIMITS

Count = Callable[[str], TextCount]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Where conversations may go as this desk is set up.

    `links` makes the link that a line carries from a hand-off's nonce, for each venue that is set up; `why_not` says of the others what is missing.
    `line` is the text that is proposed, by venue, language and link. `new_nonce` and `new_code` make what nobody can guess.
    """

    links: Mapping[Venue, Callable[[str], str]]
    why_not: Mapping[Venue, str]
    line: Callable[[Venue, str, str], str]
    new_nonce: Callable[[], str]
    new_code: Callable[[], str]


def venue_choices(uow: UnitOfWork, case: Case, ways: Ways) -> list[VenueChoice]:
    """Every private venue, and why it cannot be offered where that is so; and the way back, for what began with a post."""
    opted_out = uow.opt_outs.has(case.network, case.account_id, case.author.id)
    current = uow.handoffs.current(case.id)
    choices = []
    for venue in (Venue.DM, Venue.EMAIL, Venue.CHAT):
        why_not = ways.why_not.get(venue, "It is not set up.") if venue not in ways.links else None
        if current is not None and current.venue is venue and current.state is HandoffState.ARRIVED:
            why_not = "The conversation is there already."
        elif venue is Venue.DM and opted_out:
            why_not = "The customer has asked not to be written to."
        elif venue is Venue.DM and case.network == Venue.EMAIL.value:
            why_not = "The customer writes by e-mail, and is on no network that we know of."
        choices.append(VenueChoice(venue=venue, why_not=why_not))
    if current is not None and case.reply_block is not ReplyBlock.NO_POST:
        choices.append(VenueChoice(venue=Venue.PUBLIC))
    return choices


def way_of(uow: UnitOfWork, case: Case, venue: Venue, address: str) -> Venue:
    """Where the line is written: there already where we may write first, else where the conversation is."""
    if venue is Venue.PUBLIC or (venue is Venue.EMAIL and address):
        return venue
    there = uow.handoffs.of_case(case.id)
    if venue is Venue.DM and any(one.venue is venue and one.is_verified for one in there):
        return venue
    current = uow.handoffs.current(case.id)
    arrived = current is not None and current.state is HandoffState.ARRIVED
    return current.venue if current is not None and arrived else Venue.PUBLIC


def counted(text: str, via: Venue, count: Count) -> TextCount:
    """How long the line is, and may be, where it is written."""
    return count(text) if via is Venue.PUBLIC else TextCount(length=len(text), limit=LIMITS[via])
