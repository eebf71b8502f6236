"""Check the message that offers a venue: its link, and the address that it is mailed to."""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.handoffs.email_addresses import delivers_to, email_address
from domain.venues import Venue

_LINK_END = r"(?![\w%-])"  # a longer URL that starts with the link is another link


class OfferFault(StrEnum):
    """What prevents an offer from being sent."""

    NO_LINK = "no_link"
    NO_ADDRESS = "no_address"
    OUR_ADDRESS = "our_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferViolation:
    """A fault of an offer, to be worded by a renderer; else as `RuleViolation`, and always hard.

    `link` is the link that is missing.
    """

    fault: OfferFault
    link: str = ""

    @property
    def rule(self) -> str:
        """The name of the broken rule."""
        return self.fault.value

    @property
    def hard(self) -> bool:
        """Whether sending is blocked, rather than to be confirmed."""
        return True

    @property
    def concerns_address(self) -> bool:
        """Whether the address is at fault, not the text."""
        return self.fault is not OfferFault.NO_LINK


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMessage:
    """The message that offers `venue`, as submitted, to be sent in `via`.

    `link` is the link that it must contain, empty where it needs none; `address` the e-mail address that the
    agent typed.
    """

    text: str
    venue: Venue
    via: Venue
    link: str
    address: str


def check_link(offer: OfferMessage) -> list[OfferViolation]:
    """Return the violation where the offer lacks its link."""
    if not offer.link or re.search(re.escape(offer.link) + _LINK_END, offer.text):
        return []
    return [OfferViolation(fault=OfferFault.NO_LINK, link=offer.link)]


def check_address(offer: OfferMessage, our_address: str | None) -> list[OfferViolation]:
    """Return the violation where the offer is mailed to what is no address, or is our own mailbox."""
    if not offer.venue is offer.via is Venue.EMAIL:
        return []
    address = email_address(offer.address)
    if address is None:
        return [OfferViolation(fault=OfferFault.NO_ADDRESS)]
    if our_address is not None and delivers_to(address, our_address):
        return [OfferViolation(fault=OfferFault.OUR_ADDRESS)]
    return []
