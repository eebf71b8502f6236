"""List the venues that a case can be moved to, and choose where the offer text is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.cases.case import Case
from domain.handoffs.forms import VenueChoice
from domain.handoffs.handoff import Handoff
from domain.intake.posts import ReplyBlock
from domain.networks import Capability, Networks, TextCount
from domain.venues import Venue
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.handoffs.current_handoff import arrived_handoff
from handlers.handoffs.opt_out import has_opted_out
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffVenues:
    """The private venues of this installation, with what an offer needs of each.

    Direct messages go through the case's network. `links` builds an invitation link from a hand-off's nonce,
    for each other venue that is configured; `unavailable_reasons` says what is missing for each that is not.
    `proposed_text` returns the text for (venue, language, link). `new_nonce` and `new_code` return
    unguessable values.
    """

    networks: Networks
    links: Mapping[Venue, Callable[[str], str]]
    unavailable_reasons: Mapping[Venue, str]
    proposed_text: Callable[[Venue, str, str], str]
    new_nonce: Callable[[], str]
    new_code: Callable[[], str]

    def link(self, case: Case, venue: Venue, nonce: str) -> str | None:
        """Build the link that leads the case's customer to the venue.

        Returns `None` where the venue is not set up.
        """
        if venue is Venue.DM:
            connected = self.networks.get(case.network)
            if connected is None or connected.direct is None:
                return None
            return connected.profile.direct_message_page(connected.account)
        make = self.links.get(venue)
        return make(nonce) if make is not None else None

    def missing_link_reason(self, case: Case, venue: Venue) -> str:
        """Return why `link` is `None` for the venue, for the agent."""
        if venue is not Venue.DM:
            return self.unavailable_reasons.get(venue, "It is not set up.")
        profile, connected = self.networks.profile(case.network), self.networks.get(case.network)
        if Capability.DIRECT_MESSAGES not in profile.capabilities:
            return f"{profile.label} has no direct messages."
        if connected is None:
            return f"{profile.label} is not connected: its settings are missing."
        if connected.direct is None:
            return "Direct messages are switched off: dm.enabled in switchboard.toml."
        return f"{profile.label} has no page where a customer can write to us."

    def count(self, case: Case, text: str, via: Venue) -> TextCount:
        """Count the offer text's length, with the limit, by the rules of the venue that it is sent in."""
        if via is Venue.PUBLIC:
            return self.networks.count(case.network, text)
        return TextCount(length=len(text), limit=self.networks.max_private_length(case.network, via))

    def price(self, case: Case, text: str, via: Venue) -> float | None:
        """Return what the case's network charges for the offer text, in US dollars.

        Returns `None` where it charges nothing.
        """
        return self.networks.price(case.network, text) if via is Venue.PUBLIC else None


def venue_choices(uow: UnitOfWork, case: Case, venues: HandoffVenues) -> list[VenueChoice]:
    """List every private venue, with the reason where it cannot be offered.

    Public is listed, too, where the case has a current hand-off and a post to return to.
    """
    private = (Venue.DM, Venue.EMAIL, Venue.CHAT)
    choices = [
        VenueChoice(venue=venue, unavailable_reason=_unavailable_reason(uow, case, venue, venues))
        for venue in private
    ]
    if uow.handoffs.current(case.id) is not None and case.reply_block is not ReplyBlock.NO_POST:
        choices.append(VenueChoice(venue=Venue.PUBLIC))
    return choices


def _unavailable_reason(uow: UnitOfWork, case: Case, venue: Venue, venues: HandoffVenues) -> str | None:
    arrived = arrived_handoff(uow, case.id)
    if (
        arrived is not None
        and arrived.venue is venue
        and arrived.unreachable_at is None
        and not _may_be_somebody_else(arrived)
    ):
        return "The conversation is there already."
    if venue is Venue.DM and case.network == Venue.EMAIL.value:
        return "The customer writes by e-mail, and is on no network that we know of."
    if venues.link(case, venue, "") is None:
        return venues.missing_link_reason(case, venue)
    if venue is Venue.DM and has_opted_out(uow, case):
        return "The customer has asked not to be written to."
    # By e-mail no public offer is needed: the agent may type the address.
    if (
        case.reply_block is None
        or venue is Venue.EMAIL
        or venue_of_offer_text(uow, case, venue, "") is not Venue.PUBLIC
    ):
        return None
    return f"The customer cannot be told: {case.reply_block.explanation}."


def venue_of_offer_text(uow: UnitOfWork, case: Case, venue: Venue, address: str) -> Venue:
    """Choose where the offer text is sent.

    In the new venue itself where we may write first: e-mail with an `address`, a direct message that the
    author accepts. Else where the conversation is now, and in public where that venue is the new one or
    cannot be written to.
    """
    opted_out = has_opted_out(uow, case)
    if venue is Venue.PUBLIC or (venue is Venue.EMAIL and address):
        return venue
    if venue is Venue.DM and not opted_out and _accepts_direct_messages(uow, case):
        return venue
    arrived = arrived_handoff(uow, case.id)
    if arrived is None or arrived.unreachable_at is not None or (arrived.venue is Venue.DM and opted_out):
        return Venue.PUBLIC
    return Venue.PUBLIC if arrived.venue is venue else arrived.venue


def _may_be_somebody_else(arrived: Handoff) -> bool:
    """Whether somebody other than the author may have opened the link or got the mail.

    The venue may then be offered again: the customer needs a link of their own, or has another address.
    """
    return arrived.venue is not Venue.DM and not arrived.is_verified


def _accepts_direct_messages(uow: UnitOfWork, case: Case) -> bool:
    """Whether we may write the author a direct message first.

    They take direct messages from everybody or have written to us, and have refused none of ours since.
    """
    by_dm = [handoff for handoff in uow.handoffs.of_case(case.id) if handoff.venue is Venue.DM]
    if any(handoff.unreachable_at is not None for handoff in by_dm):
        return False
    if case.author.takes_messages or any(handoff.is_verified for handoff in by_dm):
        return True
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    return any(m.venue is Venue.DM and m.author_id == case.author.id for m in messages)
