"""Build a live chat with an open session, without a browser."""

from datetime import datetime

from domain.cases.case import Case
from domain.chat.session import ChatSession
from domain.chat.transcript import Transcript
from domain.handoffs.handoff import Handoff, HandoffState
from domain.venues import Venue
from handlers.chat.transcript import request_transcript
from storage.engine import Store
from tests.handlers.handoffs.made import LATER, in_private, incoming_message, ingest_message, private_reply
from tests.handlers.made import SAM, do

ANA_BY_MAIL = "ana@example.com"
COOKIE = "c" * 64


def a_chat(store: Store) -> tuple[Case, Handoff]:
    """Build a case that was in direct messages and then in a live chat, whose session has `COOKIE`."""
    case, direct = in_private(store, venue=Venue.DM)
    private_reply(store, case, "Your card ends in 4242")
    with store.unit_of_work() as uow:
        chat = uow.handoffs.add(_after(direct))
        uow.cases.save(uow.cases.get(case.id))
        uow.chat_sessions.add(
            ChatSession(id=0, handoff_id=chat.id, secret_hash=COOKIE, created_at=LATER, last_seen_at=LATER)
        )
    ingest_message(
        store,
        incoming_message("Here I am", Venue.CHAT, external_id="k1", handoff_id=chat.id, address="chat.1"),
    )
    private_reply(store, case, "Welcome to the chat", client_key="k2")
    return case, chat


def _after(direct: Handoff) -> Handoff:
    return Handoff(
        id=0,
        case_id=direct.case_id,
        venue=Venue.CHAT,
        state=HandoffState.OFFERED,
        offered_at=LATER,
        offered_by=SAM,
        expires_at=LATER,
        nonce="chat",
        code="",
    )


def a_requested_transcript(store: Store, address: str = ANA_BY_MAIL, now: datetime = LATER) -> Transcript:
    """Request the transcript by mail, as the browser does."""
    return do(store, request_transcript, secret_hash=COOKIE, address=address, now=now)
