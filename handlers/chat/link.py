"""Open a live chat by its link, which works in one browser."""

from datetime import datetime

from domain.chat.session import (
    ChatSession,
    LinkFault,
    LinkRefused,
    find_own_session,
    visitor_id,
)
from domain.handoffs.handoff import Handoff, HandoffState
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from handlers.cases.transitions import notify, save_change
from handlers.handoffs.arrival import record_arrival
from handlers.handoffs.current_handoff import audit_detail
from storage.unit_of_work import UnitOfWork

_MAX_ENTRIES = 100  # of a case's trail, in which an earlier note of the same is looked for
_NEWEST = 2**31 - 1


def check_link(
    uow: UnitOfWork, *, nonce: str, secret_hash: str, known_hash: str | None, now: datetime
) -> ChatSession | None:
    """Check what `open_session` would do with the nonce's link, without using the link up.

    Returns the browser's own session, `None` where it would get a new one. Raises `LinkRefused`.
    """
    handoff = _handoff_by_nonce(uow, nonce)
    sessions = uow.chat_sessions.of_handoff(handoff.id)
    return find_own_session(sessions, handoff, {known_hash, secret_hash}, now)


def open_session(
    uow: UnitOfWork, *, nonce: str, secret_hash: str, known_hash: str | None, now: datetime
) -> ChatSession:
    """Open a chat session by the nonce's link, and record the arrival.

    `secret_hash` is that of a new session's cookie, `known_hash` that of the cookie which the browser sent.
    The browser that opened the session may use the link again. Raises `LinkRefused` for any other.
    """
    handoff = _handoff_by_nonce(uow, nonce)
    # Load the case first: of two browsers at once, the second fails to save it, is rerun and finds the first.
    case = uow.cases.get(handoff.case_id)
    sessions = uow.chat_sessions.of_handoff(handoff.id)
    own = find_own_session(sessions, uow.handoffs.get(handoff.id), {known_hash, secret_hash}, now)
    if own is not None:
        return own
    uow.cases.save(case)
    record_arrival(uow, handoff.id, now=now, address=visitor_id(handoff))
    return uow.chat_sessions.add(
        ChatSession(id=0, handoff_id=handoff.id, secret_hash=secret_hash, created_at=now, last_seen_at=now)
    )


def record_second_browser(uow: UnitOfWork, *, nonce: str, now: datetime) -> None:
    """Notify the holder that another browser tried the link of a chat. Once; once more of a verified visitor.

    The link may have been public: the first who opened it need not be the customer, and the second may be.
    Also who is verified may have lost the browser's tab or its cookies, and wait before a closed door.
    """
    handoff = _handoff_by_nonce(uow, nonce)
    case = uow.cases.get(handoff.case_id)
    trail = uow.audit.page(case_id=case.id, before=_NEWEST, limit=_MAX_ENTRIES)
    detail = audit_detail(handoff)
    is_alerted = any(e.action is Action.LINK_REUSED and e.detail == detail for e in trail)
    if is_alerted or handoff.state is not HandoffState.ARRIVED:
        return
    saved = save_change(uow, case, actor=SYSTEM, action=Action.LINK_REUSED, now=now, detail=detail)
    notify(uow, saved, saved.claimed_by, Action.LINK_REUSED, actor=SYSTEM, now=now)


def _handoff_by_nonce(uow: UnitOfWork, nonce: str) -> Handoff:
    handoff = uow.handoffs.by_nonce(nonce)
    if handoff is None or handoff.venue is not Venue.CHAT:
        raise LinkRefused(LinkFault.FORGED)
    return handoff
