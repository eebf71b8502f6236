"""Verify that the person at a hand-off is the public author: by an agent, or by a code."""

from datetime import datetime

from domain.cases.case import Case
from domain.cases.preconditions import require_active
from domain.chat.topics import chat_topic
from domain.errors import Refused
from domain.handoffs.handoff import (
    Handoff,
    Proof,
    with_proof,
)
from domain.records.audit import SYSTEM, Action
from handlers.cases.transitions import notify, save_change
from handlers.handoffs.current_handoff import arrived_handoff, audit_detail
from storage.unit_of_work import UnitOfWork


def verify_by_agent(
    uow: UnitOfWork, *, case_id: int, handoff_id: int, user_id: str, reason: str, now: datetime
) -> Handoff:
    """Mark the hand-off's person as the public author, on an agent's word with a `reason`. Idempotent.

    Raises `Refused` where nobody has arrived, the conversation has moved to another hand-off, or the reason
    is empty.
    """
    case = uow.cases.get(case_id)
    require_active(case)
    handoff = arrived_handoff(uow, case_id)
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
    """Verify the hand-off by a code that `author_id` sent us.

    Returns `None` where it has ended or they are not its author.

    Codes do not expire: only the author's own account can use one.
    """
    case = uow.cases.get(uow.handoffs.get(handoff_id).case_id)
    handoff = uow.handoffs.get(handoff_id)
    if not handoff.state.is_current or (case.network, case.author.id) != (network, author_id):
        return None
    return _verify(uow, case, handoff, Proof.CODE, by=SYSTEM, reason=None, now=now)


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
    verified = with_proof(handoff, proof, by=by, reason=reason, now=now)
    uow.handoffs.save(verified)
    saved = save_change(
        uow,
        case,
        actor=by,
        action=Action.VERIFIED,
        now=now,
        detail=audit_detail(verified) | {"reason": reason},
    )
    notify(uow, saved, case.claimed_by, Action.VERIFIED, actor=by, now=now)
    uow.signals.send(chat_topic(verified.id))
    return verified
