"""Check the message that offers a venue before it is sent: rules, length, link, e-mail address."""

from datetime import datetime

from domain.cases.case import Case
from domain.handoffs.offer_message import OfferMessage, OfferViolation, check_address, check_link
from domain.networks import TextCount
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation
from domain.venues import Venue
from handlers.cases.rules_of_engagement import check_public_text
from handlers.handoffs.venues import HandoffVenues
from storage.unit_of_work import UnitOfWork


def check_offer(
    uow: UnitOfWork,
    case: Case,
    offer: OfferMessage,
    *,
    confirmed: frozenset[str],
    rules: RulesOfEngagement,
    venues: HandoffVenues,
    now: datetime,
) -> list[RuleViolation | OfferViolation]:
    """List what is wrong with the offer, hard violations first.

    Broken rules of engagement (in public) or a wrong length (in private), a missing link, an e-mail address
    that is invalid or our own.
    """
    length = venues.count(case, offer.text, offer.via)
    if offer.via.is_private:
        broken = _wrong_length(length)
    else:
        broken = check_public_text(
            uow,
            case,
            offer.text,
            length=length,
            rules=rules,
            confirmed=confirmed,
            now=now,
            required_link=offer.link,
        )
    own_account = uow.accounts.get(Venue.EMAIL.value)
    violations: list[RuleViolation | OfferViolation] = [
        *broken,
        *check_link(offer),
        *check_address(offer, own_account.id if own_account is not None else None),
    ]
    return sorted(violations, key=lambda violation: not violation.hard)


def _wrong_length(length: TextCount) -> list[RuleViolation]:
    reason = f"The text must have between 1 and {length.limit:,} characters."
    return [] if length.fits else [RuleViolation(rule="length", reason=reason, hard=True)]
