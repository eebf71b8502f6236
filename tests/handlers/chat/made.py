"""A live chat that is open in a browser, without the browser, for the tests."""

from domain.cases.case import Case
from domain.chat.session import ChatSession
from domain.chat.transcript import Transcript
from domain.handoffs.handoff import Handoff, HandoffState
from domain.venues import Venue
from handlers.chat.transcript import request_transcript
from storage.engine import Store
from tests.handlers.handoffs.made import LATER, heard, in_private, listen, spoken
from tests.handlers.made import SAM, do

ANA_BY_MAIL = "ana@example.com"
COOKIE = "c" * 64


def a_chat(store: Store) -> tuple[Case, Handoff]:
    """A case that went by direct message before it came to the live chat, which is open in a browser with `COOKIE`."""
    case, direct = in_private(store, venue=Venue.DM)
    spoken(store, case, "Your card ends in 4242")
    with store.unit_of_work() as uow:
        chat = uow.handoffs.add(_after(direct))
        uow.cases.save(uow.cases.get(case.id))
        uow.chat_sessions.add(
            ChatSession(id=0, handoff_id=chat.id, secret_hash=COOKIE, created_at=LATER, last_seen_at=LATER)
        )
    listen(store, heard("Here I am", Venue.CHAT, external_id="k1", handoff_id=chat.id, address="chat.1"))
    spoken(store, case, "Welcome to the chat", client_key="k2")
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


def ask(store: Store, address: str = ANA_BY_MAIL) -> Transcript:
    """The browser asks for the conversation by mail."""
    return do(store, request_transcript, secret_hash=COOKIE, address=address, now=LATER)
