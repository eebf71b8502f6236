"""Check the message that offers a venue before it is sent: rules, length, link, e-mail address."""

import re
from dataclasses import dataclass
from datetime import datetime

from domain.cases.case import Case
from domain.handoffs.email_addresses import delivers_to, email_address
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation
from domain.venues import Venue
from handlers.cases.rules_of_engagement import check_public_text
from handlers.handoffs.venues import HandoffVenues
from storage.unit_of_work import UnitOfWork

ADDRESS_RULE = "address"
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


def check_offer(
    uow: UnitOfWork,
    case: Case,
    offer: OfferMessage,
    *,
    confirmed: frozenset[str],
    rules: RulesOfEngagement,
    venues: HandoffVenues,
    now: datetime,
) -> list[RuleViolation]:
    """List what is wrong with the offer, hard violations first.

    Broken rules of engagement (in public) or a wrong length (in private), a missing link, an e-mail address
    that is invalid or our own.
    """
    violations = _broken_rules(uow, case, offer, confirmed, rules, venues, now)
    if offer.link and not re.search(re.escape(offer.link) + _LINK_END, offer.text):
        reason = f"The link is missing, so the customer would not know where to go. Put it back: {offer.link}"
        violations.append(RuleViolation(rule="no_link", reason=reason, hard=True))
    if offer.venue is offer.via is Venue.EMAIL and (fault := _address_fault(uow, offer.address)) is not None:
        violations.append(RuleViolation(rule=ADDRESS_RULE, reason=fault, hard=True))
    return sorted(violations, key=lambda violation: not violation.hard)


def _address_fault(uow: UnitOfWork, typed: str) -> str | None:
    address, own_account = email_address(typed), uow.accounts.get(Venue.EMAIL.value)
    if address is None:
        return "That is no e-mail address. Write it as the customer gave it: name@example.com."
    if own_account is not None and delivers_to(address, own_account.id):
        return "That is our own address: we would write to ourselves. Write the customer's as they gave it."
    return None


def _broken_rules(
    uow: UnitOfWork,
    case: Case,
    offer: OfferMessage,
    confirmed: frozenset[str],
    rules: RulesOfEngagement,
    venues: HandoffVenues,
    now: datetime,
) -> list[RuleViolation]:
    length = venues.count(case, offer.text, offer.via)
    if offer.via.is_private:
        reason = f"The text must have between 1 and {length.limit:,} characters."
        return [] if length.fits else [RuleViolation(rule="length", reason=reason, hard=True)]
    return check_public_text(
        uow,
        case,
        offer.text,
        length=length,
        rules=rules,
        confirmed=confirmed,
        now=now,
        required_link=offer.link,
    )
