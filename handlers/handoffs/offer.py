"""Make an offer: store the hand-off and enqueue the message that tells the customer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.handoff import Handoff, HandoffState, Proof, normalize_address, with_proof
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action
from domain.replies.outgoing_message import new_private_reply
from domain.venues import Venue
from handlers.cases.transitions import apply_answer
from handlers.handoffs.current_handoff import arrived_handoff, supersede
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An offer of `venue` by agent `user_id`.

    `text` is what tells the customer, sent in `via`. `address` is the customer's e-mail address
    where the offer is mailed to them. `check_detail` is what the audit trail keeps of the rule checks.
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
    check_detail: Mapping[str, Any]


def make_offer(uow: UnitOfWork, case: Case, offer: Offer, *, policy: Policy, now: datetime) -> Handoff:
    """Store the offer and enqueue its message.

    It replaces an earlier offer, but no arrived hand-off until it is taken up.
    """
    message = _add_offer_message(uow, case, offer, now)
    supersede(uow, case.id, HandoffState.OFFERED, now=now)
    is_first_message = offer.via is offer.venue
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
            remind_at=None if is_first_message else now + policy.remind_offer_after,
            message_id=message.id,
        )
    )
    if is_first_message:
        handoff = _with_recipient(case, handoff, offer, now)
        uow.handoffs.save(handoff)
        message = replace(message, handoff_id=handoff.id)
        uow.messages.save(message)
    elif (verified := _verified_recipient(uow, case, offer)) is not None:
        handoff = replace(
            handoff,
            proof=verified.proof,
            verified_at=now,
            verified_by=verified.verified_by,
            verified_reason=verified.verified_reason,
        )
        uow.handoffs.save(handoff)
    apply_answer(
        uow,
        case,
        message,
        user_id=offer.user_id,
        action=Action.OFFERED,
        now=now,
        detail={
            "handoff": handoff.id,
            "venue": offer.venue.value,
            "via": offer.via.value,
            "text": message.text,
            **offer.check_detail,
        },
    )
    return handoff


def _add_offer_message(uow: UnitOfWork, case: Case, offer: Offer, now: datetime) -> Message:
    draft = new_private_reply(
        case, offer.via, offer.text, by=offer.user_id, client_key=offer.client_key, now=now
    )
    arrived = arrived_handoff(uow, case.id)
    if offer.via is Venue.PUBLIC:
        draft = replace(draft, reply_to_id=case.reply_to_id, rules_version=offer.rules_version)
    elif offer.via is not offer.venue and arrived is not None:
        draft = replace(draft, handoff_id=arrived.id)
    [message] = uow.messages.add_many([draft], network=case.network, account_id=case.account_id)
    return message


def _verified_recipient(uow: UnitOfWork, case: Case, offer: Offer) -> Handoff | None:
    """Return where the link is sent to somebody who is verified, and alone there; `None` elsewhere."""
    arrived = arrived_handoff(uow, case.id) if offer.via.is_private else None
    is_theirs = arrived is not None and arrived.venue is offer.via and arrived.is_verified
    return arrived if is_theirs else None


def _with_recipient(case: Case, handoff: Handoff, offer: Offer, now: datetime) -> Handoff:
    """Set whom the hand-off's first message goes to.

    By direct message that is the author, who is thereby verified.
    """
    if offer.venue is Venue.DM:
        return with_proof(replace(handoff, address=case.author.id), Proof.SAME_ACCOUNT, by=SYSTEM, now=now)
    return replace(handoff, address=normalize_address(offer.venue, offer.address))
