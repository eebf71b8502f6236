"""Change the venue of a conversation: record an arrival, start an unsolicited hand-off, return to public."""

from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.preconditions import require_active, require_not_assigned_to_another
from domain.chat.topics import chat_topic
from domain.errors import Refused
from domain.handoffs.handoff import (
    Handoff,
    HandoffEvent,
    HandoffState,
    Proof,
    normalize_address,
    transition,
    with_address,
    with_proof,
)
from domain.intake.posts import ReplyBlock
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from handlers.cases.open_forms import close_form
from handlers.cases.transitions import notify, save_change
from handlers.handoffs.current_handoff import audit_detail, save_without_audit, supersede
from storage.unit_of_work import UnitOfWork


def record_arrival(
    uow: UnitOfWork,
    handoff_id: int,
    *,
    now: datetime,
    address: str | None = None,
    proof: Proof | None = None,
    wrote: bool = False,
    known: Handoff | None = None,
) -> Handoff:
    """Mark the hand-off as arrived, with the customer's `address` and `proof` where known. Idempotent.

    The first arrival notifies the assignee of the case, else whoever made the offer. `wrote`: the customer
    sent a message there. This reopens a hand-off that was returned or replaced, clears `unreachable_at` (the
    venue takes our messages again), and keeps an address that is already known. `known` is the hand-off where
    it was read together with its case, whose version protects it: it is not read again, nor the case, where
    nothing changes. Raises `InvalidTransition` for an ended hand-off without `wrote`.
    """
    if known is not None and known == _arrived(known, now=now, address=address, proof=proof, wrote=wrote):
        return known
    case = uow.cases.get(uow.handoffs.get(handoff_id).case_id)
    before = uow.handoffs.get(handoff_id)
    after = _arrived(before, now=now, address=address, proof=proof, wrote=wrote)
    if after == before:
        return before
    if before.state is not HandoffState.ARRIVED:
        supersede(uow, case.id, HandoffState.ARRIVED, now=now)
    uow.handoffs.save(after)
    uow.signals.send(chat_topic(after.id))
    if before.state is not HandoffState.ARRIVED:
        saved = save_change(
            uow, case, actor=SYSTEM, action=Action.ARRIVED, now=now, detail=audit_detail(after)
        )
        notify(
            uow,
            saved,
            case.claimed_by or before.offered_by,  # nobody where the system began it, as the actor
            Action.ARRIVED,
            actor=SYSTEM,
            now=now,
        )
    elif after.is_verified and not before.is_verified:
        save_change(uow, case, actor=SYSTEM, action=Action.VERIFIED, now=now, detail=audit_detail(after))
    else:
        save_without_audit(uow, case, now)
    return after


def start_unsolicited_handoff(
    uow: UnitOfWork, case: Case, *, venue: Venue, address: str, nonce: str, proof: Proof | None, now: datetime
) -> Handoff:
    """Store an arrived hand-off for a customer who wrote at a venue that was not offered.

    The caller saves the case.
    """
    supersede(uow, case.id, HandoffState.ARRIVED, now=now)
    handoff = Handoff(
        id=0,
        case_id=case.id,
        venue=venue,
        state=HandoffState.ARRIVED,
        offered_at=now,
        offered_by=SYSTEM,
        expires_at=now,
        nonce=nonce,
        code="",
        address=normalize_address(venue, address),
        arrived_at=now,
    )
    return uow.handoffs.add(with_proof(handoff, proof, by=SYSTEM, now=now) if proof else handoff)


def return_to_public(uow: UnitOfWork, *, case_id: int, user_id: str, now: datetime) -> Case:
    """End the case's current hand-offs, arrived and offered, so that the conversation is public again.

    Raises `Refused` where it is public already or has no public post to go back to.
    """
    case = uow.cases.get(case_id)
    require_active(case)
    require_not_assigned_to_another(case, user_id)
    current = [handoff for handoff in uow.handoffs.of_case(case_id) if handoff.state.is_current]
    if not current:
        raise Refused("Nothing was changed: this conversation is public already.")
    if case.reply_block is ReplyBlock.NO_POST:
        raise Refused(
            "Nothing was changed: this conversation began in private, so there is no post to go back to. Answer it where it is."
        )
    for handoff in current:
        uow.handoffs.save(transition(handoff, HandoffEvent.RETURN, now))
        uow.signals.send(chat_topic(handoff.id))
    close_form(uow, case_id=case.id, user_id=user_id, now=now)
    return save_change(
        uow, case, actor=user_id, action=Action.RETURNED, now=now, detail=audit_detail(current[-1])
    )


def _arrived(
    before: Handoff, *, now: datetime, address: str | None, proof: Proof | None, wrote: bool
) -> Handoff:
    """Return the hand-off as `record_arrival` stores it; the same where the arrival changes nothing."""
    after = _arrive(before, now, wrote=wrote)
    if wrote:
        after = replace(after, unreachable_at=None)
    if address is not None and not (wrote and before.address is not None):
        after = with_address(after, address)
    return with_proof(after, proof, by=SYSTEM, now=now) if proof is not None else after


def _arrive(handoff: Handoff, now: datetime, *, wrote: bool) -> Handoff:
    if handoff.state is HandoffState.ARRIVED:
        return handoff
    ended = handoff.state in {HandoffState.RETURNED, HandoffState.REPLACED}
    return transition(handoff, HandoffEvent.RESUME if ended and wrote else HandoffEvent.ARRIVE, now)
