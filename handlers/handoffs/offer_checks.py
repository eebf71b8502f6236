"""Check the message that offers a venue before it is sent: rules, length, link, e-mail address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.cases.case import Case
from domain.handoffs.offer_message import OfferMessage, OfferViolation, check_address, check_link
from domain.networks import TextCount
from domain.replies.checks.reply import Reply
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation
from domain.venues import Venue
from handlers.cases.rules_of_engagement import check_reply
from handlers.handoffs.venues import HandoffVenues
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OfferCheckResult:
    """What is wrong with an offer; where that is nothing, the rules that the agent overrode."""

    violations: Sequence[RuleViolation | OfferViolation]
    overridden: Sequence[str]


def check_offer(
    uow: UnitOfWork,
    case: Case,
    offer: OfferMessage,
    *,
    confirmed: frozenset[str],
    rules: RulesOfEngagement,
    venues: HandoffVenues,
    now: datetime,
) -> OfferCheckResult:
    """List what is wrong with the offer, hard violations first.

    Broken rules of engagement, in private a wrong length, a missing link, an e-mail address that is invalid
    or our own.
    """
    length = venues.count(case, offer.text, offer.via)
    checked = check_reply(
        uow,
        case,
        Reply(
            text=offer.text,
            length=length.length,
            limit=length.limit,
            venue=offer.via,
            links=venues.networks.links(case.network, offer.text),
            is_offer=True,
        ),
        rules=rules,
        confirmed=confirmed,
        now=now,
        required_link=offer.link,
    )
    own_account = uow.accounts.get(Venue.EMAIL.value)
    violations: list[RuleViolation | OfferViolation] = [
        *(_wrong_length(length) if offer.via.is_private else []),
        *checked.violations,
        *check_link(offer),
        *check_address(offer, own_account.id if own_account is not None else None),
    ]
    return OfferCheckResult(sorted(violations, key=lambda violation: not violation.hard), checked.overridden)


def _wrong_length(length: TextCount) -> list[RuleViolation]:
    reason = f"The text must have between 1 and {length.limit:,} characters."
    return [] if length.fits else [RuleViolation(rule="length", reason=reason, hard=True)]
