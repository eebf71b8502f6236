"""Moving a conversation: the offer, the arrival, who it is that arrived, and the way back."""

from dataclasses import replace
from datetime import datetime

from domain.audit import SYSTEM, Action
from domain.cases import Case
from domain.errors import Refused
from domain.handoffs import (
    Handoff,
    HandoffEvent,
    HandoffState,
    Proof,
    addressed,
    happened,
    known_address,
    verified,
)
from domain.messages import Delivery
from domain.ports import UnitOfWork
from domain.posts import ReplyBlock
from domain.venues import Venue
from handlers.changes import record, require_active, require_not_held_by_another, shown, tell

MINDED_AT_ONCE = 50


def chat_topic(handoff_id: int) -> str:
    """What those listen for who show this hand-off's conversation."""
    return f"chat:{handoff_id}"


def place_of_case(uow: UnitOfWork, case_id: int) -> Handoff | None:
    """Where the customer is in private now, whatever was offered to them since; `None` where the conversation is public."""
    there = [one for one in uow.handoffs.of_case(case_id) if one.state is HandoffState.ARRIVED]
    return there[-1] if there else None


def typing_topic(handoff_id: int) -> str:
    """What is signalled when somebody of ours begins to write to this hand-off's customer."""
    return f"typing:{handoff_id}"


def arrive(
    uow: UnitOfWork,
    handoff_id: int,
    *,
    now: datetime,
    address: str | None = None,
    proof: Proof | None = None,
    wrote: bool = False,
) -> Handoff:
    """The customer came, or, by `address`, said where they can be written to. A second time changes only what is new.

    Whoever holds the case is told. Raises `NotPossible` where the conversation has gone elsewhere since; not so of somebody who `wrote`
    there: then it is there again, and an address that is known stays, whichever they wrote from.
    """
    case = uow.cases.get(uow.handoffs.get(handoff_id).case_id)
    before = uow.handoffs.get(handoff_id)
    after = _there(before, now, wrote=wrote)
    if wrote:
        after = replace(after, shut_at=None)
    if address is not None and not (wrote and before.address is not None):
        after = addressed(after, address)
    if proof is not None:
        after = verified(after, proof, by=SYSTEM, now=now)
    if after == before:
        return before
    if before.state is not HandoffState.ARRIVED:
        replace_those(uow, case.id, HandoffState.ARRIVED, now=now)
    uow.handoffs.save(after)
    uow.signals.send(chat_topic(after.id))
    if before.state is not HandoffState.ARRIVED:
        saved = record(uow, case, actor=SYSTEM, action=Action.ARRIVED, now=now, detail=told_of(after))
        tell(uow, saved, case.claimed_by or _person(before.offered_by), Action.ARRIVED, actor=SYSTEM, now=now)
    elif after.is_verified and not before.is_verified:
        record(uow, case, actor=SYSTEM, action=Action.VERIFIED, now=now, detail=told_of(after))
    else:
        _save_quietly(uow, case, now)
    return after


def come_by_themselves(
    uow: UnitOfWork, case: Case, *, venue: Venue, address: str, nonce: str, proof: Proof | None, now: datetime
) -> Handoff:
    """The customer wrote to us at a venue that nobody offered them; the caller saves the case."""
    replace_those(uow, case.id, HandoffState.ARRIVED, now=now)
    fresh = Handoff(
        id=0,
        case_id=case.id,
        venue=venue,
        state=HandoffState.ARRIVED,
        offered_at=now,
        offered_by=SYSTEM,
        expires_at=now,
        nonce=nonce,
        code="",
        address=known_address(venue, address),
        arrived_at=now,
    )
    return uow.handoffs.add(verified(fresh, proof, by=SYSTEM, now=now) if proof else fresh)


def verify_by_agent(
    uow: UnitOfWork, *, case_id: int, handoff_id: int, user_id: str, reason: str, now: datetime
) -> Handoff:
    """An agent says that the person at this hand-off is the public author, and why. A second time changes nothing."""
    case = uow.cases.get(case_id)
    require_active(case)
    handoff = place_of_case(uow, case_id)
    if handoff is None:
        raise Refused("Nothing was changed: nobody has arrived in private yet. Wait until they write.")
    if handoff.id != handoff_id:
        raise Refused(
            "Nothing was changed: the conversation has moved since this form was opened, and somebody else may be there. "
            "Look at the card, then press Verify… again."
        )
    if not reason.strip():
        raise Refused("Nothing was changed: no reason was given. Say how you know who it is.")
    return _verify(uow, case, handoff, Proof.AGENT, by=user_id, reason=reason.strip(), now=now)


def verify_by_code(
    uow: UnitOfWork, *, handoff_id: int, network: str, author_id: str, now: datetime
) -> Handoff | None:
    """The public author's own account sent us the code that this hand-off's venue shows; `None` where it is not theirs, or over.

    A code needs no end of its own: nobody but the author can send it.
    """
    case = uow.cases.get(uow.handoffs.get(handoff_id).case_id)
    handoff = uow.handoffs.get(handoff_id)
    if not handoff.state.is_current or (case.network, case.author.id) != (network, author_id):
        return None
    return _verify(uow, case, handoff, Proof.CODE, by=SYSTEM, reason=None, now=now)


def return_to_public(uow: UnitOfWork, *, case_id: int, user_id: str, now: datetime) -> Case:
    """Take the conversation, with whatever is offered, back to where it began."""
    case = uow.cases.get(case_id)
    require_active(case)
    require_not_held_by_another(case, user_id)
    current = [one for one in uow.handoffs.of_case(case_id) if one.state.is_current]
    if not current:
        raise Refused("Nothing was changed: this conversation is public already.")
    if case.reply_block is ReplyBlock.NO_POST:
        raise Refused(
            "Nothing was changed: this conversation began in private, so there is no post to go back to. Answer it where it is."
        )
    for handoff in current:
        uow.handoffs.save(happened(handoff, HandoffEvent.RETURN, now))
        uow.signals.send(chat_topic(handoff.id))
    return record(uow, case, actor=user_id, action=Action.RETURNED, now=now, detail=told_of(current[-1]))


def mind_offers(uow: UnitOfWork, *, now: datetime) -> int:
    """Remind of offers that were not taken up, and end those whose time has come; says how many."""
    due = uow.handoffs.due(now, limit=MINDED_AT_ONCE)
    # By case, as all who change many do, so that two writers cannot wait for each other.
    return sum([_mind(uow, offer, now) for offer in sorted(due, key=lambda one: (one.case_id, one.id))])


def _mind(uow: UnitOfWork, due: Handoff, now: datetime) -> bool:
    case = uow.cases.get(due.case_id)
    # Read after the case: whoever changes the offer from here on changes the case too, and saving it tells.
    offer = uow.handoffs.get(due.id)
    if offer.state is not HandoffState.OFFERED:
        return False
    over, untold = offer.expires_at <= now, _is_untold(uow, offer)
    uow.handoffs.save(happened(offer, HandoffEvent.EXPIRE, now) if over else replace(offer, remind_at=None))
    uow.signals.send(chat_topic(offer.id))
    if not over and (untold or not case.state.is_active):
        _save_quietly(uow, case, now)
        return True
    action = Action.OFFER_EXPIRED if over else Action.OFFER_REMINDED
    detail = told_of(offer) | {"untold": untold}
    saved = record(uow, case, actor=SYSTEM, action=action, now=now, detail=detail)
    if case.state.is_active:
        tell(uow, saved, case.claimed_by or _person(offer.offered_by), action, actor=SYSTEM, now=now)
    return True


def _is_untold(uow: UnitOfWork, offer: Handoff) -> bool:
    """Whether the line that tells the customer is not out: the card says what became of it, and nobody can take the offer up."""
    if offer.message_id is None:
        return False
    return uow.messages.get(offer.message_id).delivery is not Delivery.SENT


def replace_those(uow: UnitOfWork, case_id: int, state: HandoffState, *, now: datetime) -> None:
    """A new offer takes the place of what was offered, a new arrival that of where the customer was; the caller saves the case.

    Until an offer is taken up, the conversation stays where it is; and whoever writes elsewhere meanwhile may still take it up.
    """
    for other in uow.handoffs.of_case(case_id):
        if other.state is state:
            uow.handoffs.save(happened(other, HandoffEvent.REPLACE, now))
            uow.signals.send(chat_topic(other.id))


def told_of(handoff: Handoff) -> dict[str, str | int | None]:
    """What the trail keeps of a hand-off."""
    return {
        "handoff": handoff.id,
        "venue": handoff.venue.value,
        "proof": handoff.proof.value if handoff.proof else None,
    }


def _there(handoff: Handoff, now: datetime, *, wrote: bool) -> Handoff:
    if handoff.state is HandoffState.ARRIVED:
        return handoff
    ended = handoff.state in {HandoffState.RETURNED, HandoffState.REPLACED}
    return happened(handoff, HandoffEvent.COME_BACK if ended and wrote else HandoffEvent.ARRIVE, now)


def _save_quietly(uow: UnitOfWork, case: Case, now: datetime) -> None:
    """Have others see that something of the case changed that its trail does not tell."""
    saved = uow.cases.save(case)
    uow.outbox.add(shown(saved), now=now, priority=saved.sort_key)


def _verify(
    uow: UnitOfWork,
    case: Case,
    handoff: Handoff,
    proof: Proof,
    *,
    by: str,
    reason: str | None,
    now: datetime,
) -> Handoff:
    if handoff.is_verified:
        return handoff
    known = verified(handoff, proof, by=by, reason=reason, now=now)
    uow.handoffs.save(known)
    saved = record(
        uow, case, actor=by, action=Action.VERIFIED, now=now, detail=told_of(known) | {"reason": reason}
    )
    tell(uow, saved, case.claimed_by, Action.VERIFIED, actor=by, now=now)
    uow.signals.send(chat_topic(known.id))
    return known


def _person(offered_by: str) -> str | None:
    return None if offered_by == SYSTEM else offered_by
