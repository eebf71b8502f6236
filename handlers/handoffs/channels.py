"""Where a conversation may go, and how the customer is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.cases.case import Case
from domain.handoffs.forms import VenueChoice
from domain.handoffs.handoff import Handoff
from domain.intake.posts import ReplyBlock
from domain.networks import Networks, TextCount
from domain.venues import Venue
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.handoffs.current import arrived_handoff
from handlers.handoffs.opt_out import has_opted_out
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffChannels:
    """Where conversations may be moved as this desk is set up.

    A direct message goes by the case's network. `links` makes the link that a line carries from a hand-off's nonce, for each other venue
    that is set up; `why_not` says of a venue that is not what is missing. `line` is the text that is proposed, by venue, language and link.
    `new_nonce` and `new_code` make what nobody can guess.
    """

    networks: Networks
    links: Mapping[Venue, Callable[[str], str]]
    why_not: Mapping[Venue, str]
    line: Callable[[Venue, str, str], str]
    new_nonce: Callable[[], str]
    new_code: Callable[[], str]

    def link(self, case: Case, venue: Venue, nonce: str) -> str | None:
        """The link that leads the case's customer to the venue; `None` where the venue is not set up."""
        if venue is Venue.DM:
            connected = self.networks.get(case.network)
            if connected is None or connected.direct is None:
                return None
            return connected.profile.direct_message_page(connected.account)
        make = self.links.get(venue)
        return make(nonce) if make is not None else None

    def count(self, case: Case, text: str, via: Venue) -> TextCount:
        """How long the line is, and may be, where it is written."""
        if via is Venue.PUBLIC:
            return self.networks.count(case.network, text)
        return TextCount(length=len(text), limit=self.networks.max_private_length(case.network, via))

    def price(self, case: Case, text: str, via: Venue) -> float | None:
        """What the case's network charges for the line, in US dollars; `None` where it charges nothing."""
        return self.networks.price(case.network, text) if via is Venue.PUBLIC else None


def venue_choices(uow: UnitOfWork, case: Case, channels: HandoffChannels) -> list[VenueChoice]:
    """Every private venue, and why it cannot be offered where that is so; and the way back, for what began with a post."""
    private = (Venue.DM, Venue.EMAIL, Venue.CHAT)
    choices = [VenueChoice(venue=venue, why_not=_why_not(uow, case, venue, channels)) for venue in private]
    if uow.handoffs.current(case.id) is not None and case.reply_block is not ReplyBlock.NO_POST:
        choices.append(VenueChoice(venue=Venue.PUBLIC))
    return choices


def _why_not(uow: UnitOfWork, case: Case, venue: Venue, channels: HandoffChannels) -> str | None:
    place = arrived_handoff(uow, case.id)
    if place is not None and place.venue is venue and place.shut_at is None and not _may_be_another(place):
        return "The conversation is there already."
    if venue is Venue.DM and case.network == Venue.EMAIL.value:
        return "The customer writes by e-mail, and is on no network that we know of."
    if channels.link(case, venue, "") is None:
        return channels.why_not.get(venue, "It is not set up.")
    if venue is Venue.DM and has_opted_out(uow, case):
        return "The customer has asked not to be written to."
    # An e-mail address may be typed by the agent: then there is nothing to be said in public.
    if (
        case.reply_block is None
        or venue is Venue.EMAIL
        or venue_of_line(uow, case, venue, "") is not Venue.PUBLIC
    ):
        return None
    return f"The customer cannot be told: {case.reply_block.explanation}."


def venue_of_line(uow: UnitOfWork, case: Case, venue: Venue, address: str) -> Venue:
    """Where the line is written: there already where we may write first, else where the conversation is."""
    opted_out = has_opted_out(uow, case)
    if venue is Venue.PUBLIC or (venue is Venue.EMAIL and address):
        return venue
    if venue is Venue.DM and not opted_out and _lets_us_in(uow, case):
        return venue
    place = arrived_handoff(uow, case.id)
    if place is None or place.shut_at is not None or (place.venue is Venue.DM and opted_out):
        return Venue.PUBLIC
    return Venue.PUBLIC if place.venue is venue else place.venue


def _may_be_another(place: Handoff) -> bool:
    """Whether somebody else may have opened the link, or got our mail: then the customer needs a link of their own, or has another address."""
    return place.venue is not Venue.DM and not place.is_verified


def _lets_us_in(uow: UnitOfWork, case: Case) -> bool:
    """Whether the author takes direct messages from everybody, or has written to us, and as far as we have tried since still takes ours."""
    there = [one for one in uow.handoffs.of_case(case.id) if one.venue is Venue.DM]
    if any(one.shut_at is not None for one in there):
        return False
    if case.author.takes_messages or any(one.is_verified for one in there):
        return True
    said = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    return any(m.venue is Venue.DM and m.author_id == case.author.id for m in said)
