"""Check the message that offers a venue: its link, and the address that it is mailed to."""

import re
from dataclasses import dataclass

from domain.handoffs.email_addresses import delivers_to, email_address
from domain.replies.rules_of_engagement import RuleViolation
from domain.venues import Venue

ADDRESS_RULE = "address"
LINK_RULE = "no_link"
_LINK_END = r"(?![\w%-])"  # a longer URL that starts with the link is another link


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


def check_link(offer: OfferMessage) -> list[RuleViolation]:
    """Return the violation where the offer lacks its link."""
    if not offer.link or re.search(re.escape(offer.link) + _LINK_END, offer.text):
        return []
    reason = f"The link is missing, so the customer would not know where to go. Put it back: {offer.link}"
    return [RuleViolation(rule=LINK_RULE, reason=reason, hard=True)]


def check_address(offer: OfferMessage, our_address: str | None) -> list[RuleViolation]:
    """Return the violation where the offer is mailed to what is no address, or is our own mailbox."""
    if not offer.venue is offer.via is Venue.EMAIL:
        return []
    address = email_address(offer.address)
    if address is None:
        reason = "That is no e-mail address. Write it as the customer gave it: name@example.com."
    elif our_address is not None and delivers_to(address, our_address):
        reason = "That is our own address: we would write to ourselves. Write the customer's as they gave it."
    else:
        return []
    return [RuleViolation(rule=ADDRESS_RULE, reason=reason, hard=True)]
