"""List the venues that a case can be moved to, with what this installation needs for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.cases.case import Case
from domain.handoffs.code_answers import CodeWords
from domain.handoffs.forms import VenueChoice
from domain.handoffs.venue_choice import Reachability, unavailable_reason
from domain.networks import Capability, Networks, TextCount
from domain.venues import Venue
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.handoffs.opt_out import has_opted_out
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffVenues:
    """The private venues of this installation, with what an offer needs of each.

    Direct messages go through the case's network. `links` builds an invitation link from a hand-off's nonce,
    for each other venue that is configured; `unavailable_reasons` says what is missing for each that is not.
    `proposed_text` returns the text for (venue, language, link). `new_nonce` and `new_code` return
    unguessable values. `code_words` answer a code.
    """

    networks: Networks
    links: Mapping[Venue, Callable[[str], str]]
    unavailable_reasons: Mapping[Venue, str]
    proposed_text: Callable[[Venue, str, str], str]
    new_nonce: Callable[[], str]
    new_code: Callable[[], str]
    code_words: CodeWords

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

    def set_up_for(self, network: str) -> frozenset[Venue]:
        """Return the private venues in which customers of a network can write to us."""
        connected = self.networks.get(network)
        by_direct = connected is not None and connected.direct is not None
        return frozenset([*self.links, *([Venue.DM] if by_direct else [])])

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


def reachability(uow: UnitOfWork, case: Case) -> Reachability:
    """Load what decides where the case's customer can be written to."""
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    return Reachability(
        case=case,
        handoffs=uow.handoffs.of_case(case.id),
        wrote_by_dm=any(m.venue is Venue.DM and m.author_id == case.author.id for m in messages),
        opted_out=has_opted_out(uow, case),
    )


def venue_choices(reach: Reachability, venues: HandoffVenues) -> list[VenueChoice]:
    """List every private venue, with the reason where it cannot be offered.

    Public is listed, too, where the conversation can return to it.
    """
    choices = []
    for venue in (Venue.DM, Venue.EMAIL, Venue.CHAT):
        has_link = venues.link(reach.case, venue, "") is not None
        missing_link = None if has_link else venues.missing_link_reason(reach.case, venue)
        choices.append(
            VenueChoice(venue=venue, unavailable_reason=unavailable_reason(reach, venue, missing_link))
        )
    if reach.may_return:
        choices.append(VenueChoice(venue=Venue.PUBLIC))
    return choices
