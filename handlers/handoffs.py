"""Moving a conversation: the offer, the arrival, who it is that arrived, and the way back."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.audit import SYSTEM, Action
from domain.cases import Case
from domain.errors import Refused
from domain.handoffs import Handoff, HandoffEvent, HandoffState, Proof, happened, verified
from domain.ports import UnitOfWork
from domain.venues import Venue
from handlers.changes import record, require_active, tell

CODE_HOLDS = timedelta(days=7)
MINDED_AT_ONCE = 50


def chat_topic(handoff_id: int) -> str:
    """What those listen for who show this hand-off's conversation."""
    return f"chat:{handoff_id}"


def arrive(
    uow: UnitOfWork,
    handoff_id: int,
    *,
    now: datetime,
    address: str | None = None,
    proof: Proof | None = None,
) -> Handoff:
    """The customer came, or, by `address`, said where they can be written to. A second time changes only what is new.

    Whoever holds the case is told. Raises `NotPossible` where the conversation has gone elsewhere since.
    """
    case = uow.cases.get(uow.handoffs.get(handoff_id).case_id)
    before = uow.handoffs.get(handoff_id)
    after = before
    if before.state is not HandoffState.ARRIVED:
        after = happened(before, HandoffEvent.ARRIVE, now)
        replace_current(uow, case.id, but=before.id, now=now)
    if address is not None:
        after = replace(after, address=address)
    if proof is not None:
        after = verified(after, proof, by=SYSTEM, now=now)
    if after == before:
        return before
    uow.handoffs.save(after)
    saved = record(uow, case, actor=SYSTEM, action=Action.ARRIVED, now=now, detail=_told(after))
    if before.state is not HandoffState.ARRIVED:
        tell(uow, saved, case.claimed_by or _person(before.offered_by), Action.ARRIVED, actor=SYSTEM, now=now)
    uow.signals.send(chat_topic(after.id))
    return after


def come_by_themselves(
    uow: UnitOfWork, case: Case, *, venue: Venue, address: str, nonce: str, proof: Proof | None, now: datetime
) -> Handoff:
    """The customer wrote to us at a venue that nobody offered them."""
    replace_current(uow, case.id, now=now)
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
        address=address,
        arrived_at=now,
    )
    handoff = uow.handoffs.add(verified(fresh, proof, by=SYSTEM, now=now) if proof else fresh)
    record(uow, case, actor=SYSTEM, action=Action.ARRIVED, now=now, detail=_told(handoff))
    return handoff


def verify_by_agent(uow: UnitOfWork, *, case_id: int, user_id: str, reason: str, now: datetime) -> Handoff:
    """An agent says that the person is the public author, and why. A second time changes nothing."""
    case = uow.cases.get(case_id)
    require_active(case)
    handoff = uow.handoffs.current(case_id)
    if handoff is None or handoff.state is not HandoffState.ARRIVED:
        raise Refused("Nothing was changed: nobody has arrived in private yet. Wait until they write.")
    if not reason.strip():
        raise Refused("Nothing was changed: no reason was given. Say how you know who it is.")
    return _verify(uow, case, handoff, Proof.AGENT, by=user_id, reason=reason.strip(), now=now)


def verify_by_code(
    uow: UnitOfWork, *, code: str, network: str, author_id: str, now: datetime
) -> Handoff | None:
    """The public author's own account sent us the code that a venue shows; `None` where no hand-off of theirs has it."""
    handoff = uow.handoffs.by_code(code, since=now - CODE_HOLDS) if code else None
    if handoff is None or not handoff.state.is_current:
        return None
    case = uow.cases.get(handoff.case_id)
    if (case.network, case.author.id) != (network, author_id):
        return None
    return _verify(uow, case, uow.handoffs.get(handoff.id), Proof.CODE, by=SYSTEM, reason=None, now=now)


def return_to_public(uow: UnitOfWork, *, case_id: int, user_id: str, now: datetime) -> Case:
    """Take the conversation back to where it began."""
    case = uow.cases.get(case_id)
    require_active(case)
    handoff = uow.handoffs.current(case_id)
    if handoff is None:
        raise Refused("Nothing was changed: this conversation is public already.")
    back = happened(handoff, HandoffEvent.RETURN, now)
    uow.handoffs.save(back)
    uow.signals.send(chat_topic(back.id))
    return record(uow, case, actor=user_id, action=Action.RETURNED, now=now, detail=_told(back))


def mind_offers(uow: UnitOfWork, *, now: datetime) -> int:
    """Remind of offers that were not taken up, and end those whose time has come; says how many."""
    due = uow.handoffs.due(now, limit=MINDED_AT_ONCE)
    for offer in due:
        case = uow.cases.get(offer.case_id)
        over = offer.expires_at <= now
        after = happened(offer, HandoffEvent.EXPIRE, now) if over else replace(offer, remind_at=None)
        uow.handoffs.save(after)
        action = Action.OFFER_EXPIRED if over else Action.OFFER_REMINDED
        saved = record(uow, case, actor=SYSTEM, action=action, now=now, detail=_told(after))
        if case.state.is_active:
            tell(uow, saved, case.claimed_by or _person(offer.offered_by), action, actor=SYSTEM, now=now)
        uow.signals.send(chat_topic(after.id))
    return len(due)


def replace_current(uow: UnitOfWork, case_id: int, *, now: datetime, but: int | None = None) -> None:
    """A new place takes the place of those before, all `but` one; the caller saves the case."""
    for other in uow.handoffs.of_case(case_id):
        if other.id != but and other.state.is_current:
            uow.handoffs.save(happened(other, HandoffEvent.REPLACE, now))
            uow.signals.send(chat_topic(other.id))


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
        uow, case, actor=by, action=Action.VERIFIED, now=now, detail=_told(known) | {"reason": reason}
    )
    tell(uow, saved, case.claimed_by, Action.VERIFIED, actor=by, now=now)
    uow.signals.send(chat_topic(known.id))
    return known


def _told(handoff: Handoff) -> dict[str, str | int | None]:
    return {
        "handoff": handoff.id,
        "venue": handoff.venue.value,
        "proof": handoff.proof.value if handoff.proof else None,
    }


def _person(offered_by: str) -> str | None:
    return None if offered_by == SYSTEM else offered_by
