"""Check the line that offers a venue, and apply its delivery result to the hand-off.

Where we may write to the customer first, the line is the first message at the new venue: the hand-off arrives
when it was sent, and expires if it failed.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.errors import Refused
from domain.handoffs.email_addresses import delivers_to, email_address
from domain.handoffs.handoff import Handoff, HandoffEvent, HandoffState, transition
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation
from domain.venues import Venue
from handlers.cases.text_checks import public_violations
from handlers.handoffs.current_handoff import supersede
from handlers.handoffs.opt_out import has_opted_out
from handlers.handoffs.venues import HandoffVenues
from storage.unit_of_work import UnitOfWork

_RETRYABLE_STATES = {HandoffState.OFFERED, HandoffState.EXPIRED, HandoffState.ARRIVED}
ADDRESS_RULE = "address"
_LINK_END = r"(?![\w%-])"  # a longer URL that starts with the link is another link


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """The offer line as submitted, for `venue`, to be written in `via`.

    `link` is the link that it must contain, empty where it needs none; `address` the e-mail address that the
    agent typed.
    """

    text: str
    venue: Venue
    via: Venue
    link: str
    address: str


def check_line(
    uow: UnitOfWork,
    case: Case,
    line: OfferLine,
    *,
    confirmed: frozenset[str],
    rules: RulesOfEngagement,
    venues: HandoffVenues,
    now: datetime,
) -> list[RuleViolation]:
    """List what is wrong with the line, hard violations first.

    Broken rules of engagement (in public) or a wrong length (in private), a missing link, an e-mail address
    that is invalid or our own.
    """
    violations = _broken_rules(uow, case, line, confirmed, rules, venues, now)
    if line.link and not re.search(re.escape(line.link) + _LINK_END, line.text):
        reason = f"The link is missing, so the customer would not know where to go. Put it back: {line.link}"
        violations.append(RuleViolation(rule="no_link", reason=reason, hard=True))
    if line.venue is line.via is Venue.EMAIL and (fault := _address_fault(uow, line.address)) is not None:
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
    line: OfferLine,
    confirmed: frozenset[str],
    rules: RulesOfEngagement,
    venues: HandoffVenues,
    now: datetime,
) -> list[RuleViolation]:
    length = venues.count(case, line.text, line.via)
    if line.via.is_private:
        reason = f"The text must have between 1 and {length.limit:,} characters."
        return [] if length.fits else [RuleViolation(rule="length", reason=reason, hard=True)]
    return public_violations(
        uow, case, line.text, length=length, rules=rules, confirmed=confirmed, now=now, own_link=line.link
    )


def apply_line_sent(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """Apply that the message was sent: the hand-off that it opens arrives, any other one is reachable again.

    The caller saves the case.
    """
    handoff = _handoff_opened_by(uow, message)
    if handoff is not None and handoff.state in {HandoffState.OFFERED, HandoffState.EXPIRED}:
        supersede(uow, message.case_id, HandoffState.ARRIVED, now=now)
        uow.handoffs.save(transition(handoff, HandoffEvent.ARRIVE, now))
    elif message.handoff_id is not None:
        uow.handoffs.save(replace(uow.handoffs.get(message.handoff_id), unreachable_at=None))


def apply_line_failed(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """Apply that the message was not sent.

    The hand-off that it was to open expires. The caller saves the case.
    """
    handoff = _handoff_opened_by(uow, message)
    if handoff is not None and handoff.state is HandoffState.OFFERED:
        uow.handoffs.save(transition(handoff, HandoffEvent.EXPIRE, now))


def mark_unreachable(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """Set `unreachable_at` of the message's hand-off. The caller saves the case.

    The customer cannot be written to there until they write again.
    """
    if message.handoff_id is not None:
        uow.handoffs.save(replace(uow.handoffs.get(message.handoff_id), unreachable_at=now))


def require_reachable(uow: UnitOfWork, message: Message) -> None:
    """Raise `Refused` where a reply cannot be retried.

    Its offer has ended, the customer has left its venue, or they have opted out of direct messages.
    """
    for handoff in uow.handoffs.of_case(message.case_id):
        is_first_message = handoff.message_id == message.id
        if is_first_message and handoff.state not in _RETRYABLE_STATES:
            raise Refused("Nothing was sent: that offer has ended. Press Move to… to make a new one.")
        if (
            handoff.id == message.handoff_id
            and not is_first_message
            and handoff.state is not HandoffState.ARRIVED
        ):
            raise Refused(
                f"Nothing was sent: the customer is no longer in the {handoff.venue.label.lower()}. "
                "The card shows where the conversation is."
            )
    if message.venue is Venue.DM and has_opted_out(uow, uow.cases.get(message.case_id)):
        raise Refused("Nothing was sent: the customer has asked not to be written to in private.")


def _handoff_opened_by(uow: UnitOfWork, message: Message) -> Handoff | None:
    """Return the hand-off whose first message at its venue this is; `None` for any other message."""
    if message.handoff_id is None:
        return None
    handoff = uow.handoffs.get(message.handoff_id)
    return handoff if handoff.message_id == message.id else None
