"""The line that offers the customer another venue: what it must hold, what becomes of it, and of the offer with it.

Where we may write to the customer first, the line is the first message at the new venue: the conversation is there once it was sent, and
stays where it was if it was not.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.errors import Refused
from domain.handoffs.email_addresses import comes_to, email_address
from domain.handoffs.handoff import Handoff, HandoffEvent, HandoffState, transition
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation
from domain.venues import Venue
from handlers.cases.text_checks import public_violations
from handlers.handoffs.channels import HandoffChannels
from handlers.handoffs.current import supersede
from handlers.handoffs.opt_out import has_opted_out
from storage.unit_of_work import UnitOfWork

_MAY_BE_SENT = {HandoffState.OFFERED, HandoffState.EXPIRED, HandoffState.ARRIVED}
NO_ADDRESS = "address"
_ITS_END = r"(?![\w%-])"  # else what follows would be part of the link


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """The line as it was submitted: for which venue, where it is written, the link that it must hold (empty: none), and the address that was typed."""

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
    channels: HandoffChannels,
    now: datetime,
) -> list[RuleViolation]:
    """What stands in the line's way, the hard first: rules that it breaks in public, its link that is missing, an address that is none or ours."""
    found = _broken_rules(uow, case, line, confirmed, rules, channels, now)
    if line.link and not re.search(re.escape(line.link) + _ITS_END, line.text):
        reason = f"The link is missing, so the customer would not know where to go. Put it back: {line.link}"
        found.append(RuleViolation(rule="no_link", reason=reason, hard=True))
    if line.venue is line.via is Venue.EMAIL and (why := _why_not_there(uow, line.address)) is not None:
        found.append(RuleViolation(rule=NO_ADDRESS, reason=why, hard=True))
    return sorted(found, key=lambda finding: not finding.hard)


def _why_not_there(uow: UnitOfWork, typed: str) -> str | None:
    address, ours = email_address(typed), uow.accounts.get(Venue.EMAIL.value)
    if address is None:
        return "That is no e-mail address. Write it as the customer gave it: name@example.com."
    if ours is not None and comes_to(address, ours.id):
        return "That is our own address: we would write to ourselves. Write the customer's as they gave it."
    return None


def _broken_rules(
    uow: UnitOfWork,
    case: Case,
    line: OfferLine,
    confirmed: frozenset[str],
    rules: RulesOfEngagement,
    channels: HandoffChannels,
    now: datetime,
) -> list[RuleViolation]:
    length = channels.count(case, line.text, line.via)
    if line.via.is_private:
        reason = f"The text must have between 1 and {length.limit:,} characters."
        return [] if length.fits else [RuleViolation(rule="length", reason=reason, hard=True)]
    return public_violations(
        uow, case, line.text, length=length, rules=rules, confirmed=confirmed, now=now, own_link=line.link
    )


def apply_line_sent(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """The message is out: where it opened a venue, the conversation is there now; the caller saves the case."""
    handoff = _opened_by(uow, message)
    if handoff is not None and handoff.state in {HandoffState.OFFERED, HandoffState.EXPIRED}:
        supersede(uow, message.case_id, HandoffState.ARRIVED, now=now)
        uow.handoffs.save(transition(handoff, HandoffEvent.ARRIVE, now))
    elif message.handoff_id is not None:
        uow.handoffs.save(replace(uow.handoffs.get(message.handoff_id), shut_at=None))


def apply_line_failed(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """The message will not go out: where it was to open a venue, nothing has opened; the caller saves the case."""
    handoff = _opened_by(uow, message)
    if handoff is not None and handoff.state is HandoffState.OFFERED:
        uow.handoffs.save(transition(handoff, HandoffEvent.EXPIRE, now))


def mark_unreachable(uow: UnitOfWork, message: Message, *, now: datetime) -> None:
    """They cannot be written to where this message went, until they write there again; the caller saves the case."""
    if message.handoff_id is not None:
        uow.handoffs.save(replace(uow.handoffs.get(message.handoff_id), shut_at=now))


def require_reachable(uow: UnitOfWork, message: Message) -> None:
    """Refuse to send again what would go where the customer is no more, or does not want it, or offers what has been taken back."""
    for handoff in uow.handoffs.of_case(message.case_id):
        opens = handoff.message_id == message.id
        if opens and handoff.state not in _MAY_BE_SENT:
            raise Refused("Nothing was sent: that offer has ended. Press Move to… to make a new one.")
        if handoff.id == message.handoff_id and not opens and handoff.state is not HandoffState.ARRIVED:
            raise Refused(
                f"Nothing was sent: the customer is no longer in the {handoff.venue.label.lower()}. "
                "The card shows where the conversation is."
            )
    if message.venue is Venue.DM and has_opted_out(uow, uow.cases.get(message.case_id)):
        raise Refused("Nothing was sent: the customer has asked not to be written to in private.")


def _opened_by(uow: UnitOfWork, message: Message) -> Handoff | None:
    """The hand-off that this message begins, where it goes to the new venue itself."""
    if message.handoff_id is None:
        return None
    handoff = uow.handoffs.get(message.handoff_id)
    return handoff if handoff.message_id == message.id else None
