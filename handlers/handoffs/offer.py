"""Letting an offer go: the line that tells the customer, and the hand-off that waits for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case, CaseEvent
from domain.cases.messages import Message
from domain.handoffs.handoff import Handoff, HandoffState, Proof, known_address, verified
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action
from domain.replies.outgoing_message import new_private_reply, send_effect
from domain.venues import Venue
from handlers.cases.transitions import apply_event
from handlers.handoffs.current import arrived_handoff, supersede
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered to whom, by whom, and how they are told.

    `via` is where `text` is written. `address` is where the customer is written to, if that is the new venue itself. `passed` is what the trail keeps of how the
    text came to pass the rules.
    """

    venue: Venue
    via: Venue
    text: str
    user_id: str
    nonce: str
    code: str
    client_key: str
    address: str = ""
    rules_version: str | None = None
    passed: Mapping[str, Any]


def make_offer(uow: UnitOfWork, case: Case, offer: Offer, *, policy: Policy, now: datetime) -> Handoff:
    """Store the offer with its line, which goes out by the outbox. Until it is taken up the conversation stays where it is."""
    message = _line(uow, case, offer, now)
    supersede(uow, case.id, HandoffState.OFFERED, now=now)
    opens = offer.via is offer.venue
    handoff = uow.handoffs.add(
        Handoff(
            id=0,
            case_id=case.id,
            venue=offer.venue,
            state=HandoffState.OFFERED,
            offered_at=now,
            offered_by=offer.user_id,
            expires_at=now + policy.offer_expires_after,
            nonce=offer.nonce,
            code=offer.code,
            remind_at=None if opens else now + policy.remind_offer_after,
            message_id=message.id,
        )
    )
    if opens:
        handoff = _known(case, handoff, offer, now)
        uow.handoffs.save(handoff)
        message = replace(message, handoff_id=handoff.id)
        uow.messages.save(message)
    changed = apply_event(
        uow,
        case,
        CaseEvent.ANSWER,
        actor=offer.user_id,
        action=Action.OFFERED,
        now=now,
        message_id=message.id,
        detail={
            "handoff": handoff.id,
            "venue": offer.venue.value,
            "via": offer.via.value,
            "text": message.text,
            **offer.passed,
        },
        claimed_by=offer.user_id,
        claimed_at=case.claimed_at if case.claimed_by else now,
        snoozed_until=None,
    )
    uow.outbox.add([send_effect(message, changed)], now=now, priority=changed.sort_key)
    return handoff


def _line(uow: UnitOfWork, case: Case, offer: Offer, now: datetime) -> Message:
    line = new_private_reply(
        case, offer.via, offer.text, by=offer.user_id, client_key=offer.client_key, now=now
    )
    place = arrived_handoff(uow, case.id)
    if offer.via is Venue.PUBLIC:
        line = replace(line, reply_to_id=case.reply_to_id, rules_version=offer.rules_version)
    elif offer.via is not offer.venue and place is not None:
        line = replace(line, handoff_id=place.id)
    [message] = uow.messages.add_many([line], network=case.network, account_id=case.account_id)
    return message


def _known(case: Case, handoff: Handoff, offer: Offer, now: datetime) -> Handoff:
    """The hand-off with whom we write to: by direct message that is nobody but the author."""
    if offer.venue is Venue.DM:
        return verified(replace(handoff, address=case.author.id), Proof.SAME_ACCOUNT, by=SYSTEM, now=now)
    return replace(handoff, address=known_address(offer.venue, offer.address))
