"""Submit the "Move to…" form: build it, check the text, make the offer in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.cases.preconditions import (
    require_active,
    require_public_reply_possible,
    require_settled,
)
from domain.handoffs.forms import HandoffForm, NoVenueAvailable, VenueUnavailable
from domain.handoffs.handoff import Handoff
from domain.handoffs.offer_message import OfferMessage, OfferViolation
from domain.handoffs.venue_choice import Reachability, venue_of_offer_text
from domain.policy import Policy
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation
from domain.venues import Venue
from handlers.cases.assignment import take_over_to_send
from handlers.cases.open_forms import close_form, without_writer
from handlers.cases.preconditions import require_unchanged
from handlers.cases.views import messages_since, newest_inbound_id, view_case
from handlers.handoffs.offer import Offer, make_offer
from handlers.handoffs.offer_checks import check_offer
from handlers.handoffs.venues import HandoffVenues, reachability, venue_choices
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffSubmission:
    """A hand-off as an agent submitted it.

    `nonce` is the form's, which makes the submission idempotent; `via` is where the form said that the text
    goes. The other fields are as in `replies.public.PublicReplySubmission`.
    """

    case_id: int
    user_id: str
    venue: Venue
    text: str
    nonce: str
    seen: int
    version: int
    client_key: str
    via: Venue
    address: str = ""
    confirmed: frozenset[str] = frozenset()
    revision: int = 0
    take_over_from: str = ""


@dataclass(frozen=True, slots=True)
class TypedText:
    """The text in a form that said it would be sent in `via`."""

    text: str
    via: Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffAccepted:
    """The offer is stored and its message is queued, or was by an earlier submission of the same form."""

    handoff: Handoff


def open_handoff_form(
    uow: UnitOfWork,
    *,
    case_id: int,
    user_id: str,
    venues: HandoffVenues,
    now: datetime,
    chosen: Venue | None = None,
    address: str = "",
    nonce: str | None = None,
    typed: TypedText | None = None,
) -> HandoffForm:
    """Build the form for the venue that was `chosen`, else for the first one available; see `_first_choice`.

    A return to public has no text. A text that was `typed` stays, unless it is still the proposed one.

    Raises `NoVenueAvailable` where there is none.
    """
    view = view_case(uow, case_id=case_id, now=now, reader=user_id)
    case = view.case
    require_active(case)
    reach = reachability(uow, case)
    choices = venue_choices(reach, venues)
    available = [choice.venue for choice in choices if choice.unavailable_reason is None]
    if not available:
        raise NoVenueAvailable(choices)
    venue = chosen if chosen in available else _first_choice(available, reach)
    via = venue_of_offer_text(reach, venue, address)
    nonce = nonce or venues.new_nonce()
    text = _proposed_text(case, venues, venue, via, nonce)
    if typed is not None and typed.text.strip() != _proposed_text(case, venues, venue, typed.via, nonce):
        text = typed.text
    length = venues.count(case, text, via)
    assignee = case.claimed_by
    return HandoffForm(
        view=without_writer(view, user_id),
        choices=choices,
        chosen=venue,
        text=text,
        length=length.length,
        limit=length.limit,
        seen=newest_inbound_id(list(view.messages)),
        nonce=nonce,
        via=via,
        cost=venues.price(case, text, via),
        address=address,
        assigned_to=assignee if assignee != user_id else None,
    )


def _first_choice(available: Sequence[Venue], reach: Reachability) -> Venue:
    """Return the first venue, leaving out those that were offered and where our messages were refused since.

    Where that leaves none, the first of all. A venue that refused us without an offer stays: by its link the
    customer writes first, and then the network may let us answer.
    """
    offered = [handoff for handoff in reach.handoffs if handoff.message_id is not None]
    refused = {handoff.venue for handoff in offered if handoff.unreachable_at is not None}
    return next((venue for venue in available if venue not in refused), available[0])


def _link_in_text(case: Case, venues: HandoffVenues, venue: Venue, via: Venue, nonce: str) -> str:
    return "" if via is venue else venues.link(case, venue, nonce) or ""


def _proposed_text(case: Case, venues: HandoffVenues, venue: Venue, via: Venue, nonce: str) -> str:
    if not venue.is_private:
        return ""
    link = _link_in_text(case, venues, venue, via, nonce)
    return venues.proposed_text(venue, case.assessment.language, link)


def submit_handoff(
    uow: UnitOfWork,
    submission: HandoffSubmission,
    *,
    venues: HandoffVenues,
    rules: RulesOfEngagement,
    policy: Policy,
    now: datetime,
) -> HandoffAccepted | HandoffForm:
    """Make the offer, or return the form again with what prevents it.

    The form is returned where the customer wrote, edited or deleted a post since it was opened, where the
    text is invalid, where it would now be sent elsewhere than the form said (a private text must not become
    public), or where somebody has the case whom it did not name. Idempotent by `nonce`. Raises `Refused`
    where the venue cannot be offered, `StaleCase` where the case was changed while it was read.
    """
    submission = replace(submission, text=submission.text.strip())
    case = uow.cases.get(submission.case_id)
    earlier = uow.handoffs.by_nonce(submission.nonce)
    if earlier is not None:
        return HandoffAccepted(handoff=earlier)
    reach = reachability(uow, case)
    choices = {choice.venue: choice for choice in venue_choices(reach, venues) if choice.venue.is_private}
    choice = choices.get(submission.venue)
    via = venue_of_offer_text(reach, submission.venue, submission.address)
    new_messages = messages_since(uow, submission.case_id, seen=submission.seen, version=submission.version)
    link = _link_in_text(case, venues, submission.venue, via, submission.nonce)
    offer_message = OfferMessage(
        text=submission.text, venue=submission.venue, via=via, link=link, address=submission.address
    )
    checked = check_offer(
        uow, case, offer_message, confirmed=submission.confirmed, rules=rules, venues=venues, now=now
    )
    latest_reply = uow.messages.latest_reply(case.id)
    require_unchanged(uow, case)
    require_active(case)
    if choice is None or choice.unavailable_reason is not None:
        raise VenueUnavailable(submission.venue, choice.unavailable_reason if choice is not None else None)
    if via is Venue.PUBLIC:
        require_public_reply_possible(case)
    require_settled(latest_reply)
    is_held = case.claimed_by not in (None, submission.user_id, submission.take_over_from)
    if new_messages or checked.violations or via is not submission.via or is_held:
        return _reopen_form(
            uow, submission, venues, new_messages=new_messages, violations=checked.violations, now=now
        )
    offer = _offer(submission, via, rules, code=venues.new_code(), overridden=checked.overridden)
    case = take_over_to_send(uow, case, user_id=submission.user_id, now=now)
    close_form(uow, case_id=case.id, user_id=submission.user_id, now=now)
    return HandoffAccepted(handoff=make_offer(uow, case, offer, policy=policy, now=now))


def _offer(
    submission: HandoffSubmission,
    via: Venue,
    rules: RulesOfEngagement,
    *,
    code: str,
    overridden: Iterable[str],
) -> Offer:
    return Offer(
        venue=submission.venue,
        via=via,
        text=submission.text,
        user_id=submission.user_id,
        nonce=submission.nonce,
        code=code,
        client_key=submission.client_key,
        address=submission.address,
        rules_version=rules.version,
        check_detail={"rules": rules.version, "seen": submission.seen, "confirmed": list(overridden)},
    )


def _reopen_form(
    uow: UnitOfWork,
    submission: HandoffSubmission,
    venues: HandoffVenues,
    *,
    new_messages: Sequence[Message],
    violations: Sequence[RuleViolation | OfferViolation],
    now: datetime,
) -> HandoffForm:
    form = open_handoff_form(
        uow,
        case_id=submission.case_id,
        user_id=submission.user_id,
        venues=venues,
        now=now,
        chosen=submission.venue,
        address=submission.address,
        nonce=submission.nonce,
        typed=TypedText(submission.text, submission.via),
    )
    if form.text != submission.text:
        # Another proposed text is shown now: what was wrong with the first says nothing of it.
        violations = [one for one in violations if isinstance(one, OfferViolation)]
    return replace(
        form,
        new_messages=new_messages,
        violations=violations,
        via_changed=form.via is not submission.via,
        revision=submission.revision + 1,
    )
