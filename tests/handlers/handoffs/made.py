"""Conversations that move, and short ways to have both sides write in private, for the tests."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.accounts import Account
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.forms import MoveForm
from domain.handoffs.handoff import Handoff, Proof
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingMessage
from domain.replies.forms import PrivateForm
from domain.replies.rules_of_engagement import RulesOfEngagement
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.cases.views import newest_inbound_id
from handlers.handoffs.channels import HandoffChannels
from handlers.handoffs.form import MoveAccepted, MoveSubmission, open_move, submit_move
from handlers.handoffs.verification import verify_by_agent
from handlers.intake.private_messages import ingest_private_message
from handlers.replies.private import PrivateReply, send_private_reply
from handlers.replies.results import record_sent
from storage.engine import Store
from tests.handlers.made import (
    ACME,
    ANA,
    MINUTE,
    NOW,
    POLICY,
    SAM,
    a_classifier,
    a_stored_case,
    case_of,
    do,
    messages,
    networks,
)

FREE = RulesOfEngagement(version="7", rules=())
MAILBOX = Account(network="email", id="help@acme.example", handle="help@acme.example", name="Acme")
LATER = NOW + 5 * MINUTE


class _Numbers:
    """Gives what nobody can guess, one after the other."""

    def __init__(self) -> None:
        self.last = 0

    def __call__(self) -> str:
        self.last += 1
        return f"n{self.last}"


def channels(**changes: Any) -> HandoffChannels:  # noqa: ANN401 - any of the fields
    """Every venue is set up; a chat's and a form's link carry the nonce."""
    made = HandoffChannels(
        networks=networks(),
        links={
            Venue.EMAIL: lambda nonce: f"https://acme.example/mail#{nonce}",
            Venue.CHAT: lambda nonce: f"https://acme.example/chat#{nonce}",
        },
        why_not={},
        line=lambda venue, language, link: f"{venue.label} ({language}): {link}",
        new_nonce=_Numbers(),
        new_code=_Numbers(),
    )
    return replace(made, **changes)


def form(store: Store, case: Case, user_id: str = SAM, **more: Any) -> MoveForm:  # noqa: ANN401 - any argument of `open_move`
    """The form as it opens."""
    given: dict[str, Any] = {"channels": channels(), "now": LATER}
    return do(store, open_move, case_id=case.id, user_id=user_id, **given | more)


def a_move(store: Store, case: Case, venue: Venue, **more: Any) -> MoveSubmission:  # noqa: ANN401 - any of the fields
    """What an agent submits who has seen all there is, and left the text as it was proposed."""
    nonce = more.get("nonce", f"{venue.value}-{case.id}-{case_of(store, case.id).version}")
    shown = form(store, case, chosen=venue, nonce=nonce, address=more.get("address", ""))
    move = MoveSubmission(
        case_id=case.id,
        user_id=SAM,
        venue=venue,
        text=shown.text,
        nonce=nonce,
        seen=shown.seen,
        version=case_of(store, case.id).version,
        client_key=f"V-{nonce}",
        via=shown.via,
    )
    return replace(move, **more)


def submit(
    store: Store,
    move: MoveSubmission,
    *,
    rules: RulesOfEngagement = FREE,
    now: datetime = LATER,
    **more: Any,  # noqa: ANN401 - any of the ways
) -> MoveAccepted | MoveForm:
    """What comes of the form."""
    return do(
        store,
        submit_move,
        move,
        channels=channels(**more),
        rules=rules,
        policy=POLICY,
        now=now,
    )


def offered(
    store: Store,
    case: Case,
    venue: Venue,
    *,
    now: datetime = LATER,
    sent: bool = True,
    **more: Any,  # noqa: ANN401 - any of the move's fields
) -> Handoff:
    """An offer whose line is out, unless it is to be on its way still."""
    result = submit(store, a_move(store, case, venue, **more), now=now)
    assert isinstance(result, MoveAccepted)
    if sent:
        line = messages(store, case.id)[-1]
        do(store, record_sent, message_id=line.id, result={"id": f"line-{line.id}", "url": None}, now=now)
    return handoff_of(store, result.handoff.id)


def heard(text: str = "Hi, it is me", venue: Venue = Venue.DM, **more: Any) -> IncomingMessage:  # noqa: ANN401 - any of the fields
    """What a customer wrote; by default a direct message of Ana's."""
    stream = {
        Venue.DM: ("x", ACME.id),
        Venue.EMAIL: (MAILBOX.network, MAILBOX.id),
        Venue.CHAT: ("chat", "chat"),
    }
    network, account_id = stream[venue]
    author = more.get("author", ANA)
    made = IncomingMessage(
        venue=venue,
        network=network,
        account_id=account_id,
        external_id="d1",
        author=author,
        text=text,
        at=LATER,
        address=author.id,
    )
    return replace(made, **more)


def a_mail(text: str = "Hello", address: str = "ana@example.com", **more: Any) -> IncomingMessage:  # noqa: ANN401 - any of the fields
    """A mail from this address."""
    author = Author(id=address, handle=address, name="Ana")
    return heard(text, Venue.EMAIL, **{"author": author, "address": address, "external_id": "<m1>"} | more)


def listen(store: Store, said: IncomingMessage, *, now: datetime = LATER) -> Message | None:
    """Have it heard."""
    account = {Venue.DM: ACME, Venue.EMAIL: MAILBOX, Venue.CHAT: replace(ACME, network="chat", id="chat")}
    return do(
        store, ingest_private_message, said, classifier=a_classifier(), account=account[said.venue], now=now
    )


def in_private(store: Store, *, venue: Venue = Venue.DM, user_id: str = SAM) -> tuple[Case, Handoff]:
    """A case of Ana's that somebody holds and whose customer has come to the venue and written there."""
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=user_id, now=NOW)
    offer = offered(store, case, venue, user_id=user_id)
    came = {
        Venue.DM: heard(),
        Venue.EMAIL: a_mail(handoff_id=offer.id),
        Venue.CHAT: heard(venue=Venue.CHAT, handoff_id=offer.id, address="chat.1"),
    }
    assert listen(store, came[venue]) is not None
    return case_of(store, case.id), handoff_of(store, offer.id)


def speak(
    store: Store,
    case: Case,
    text: str = "Hi Ana, let us see",
    *,
    now: datetime = LATER,
    **more: Any,  # noqa: ANN401 - any of the fields of `Said`
) -> Message | PrivateForm:
    """The claimer writes in the thread."""
    said = PrivateReply(case_id=case.id, user_id=SAM, text=text, client_key=f"slack:{text}", thread_ts="7.1")
    return do(store, send_private_reply, replace(said, **more), networks=networks(), now=now)


def spoken(store: Store, case: Case, text: str = "Hi Ana, let us see", **more: Any) -> Message:  # noqa: ANN401 - any of the fields of `Said`
    """What the claimer wrote, on its way or there."""
    message = speak(store, case, text, **more)
    assert isinstance(message, Message)
    return message


def agent_verifies(
    store: Store, case: Case, there: Handoff, *, user_id: str = SAM, reason: str = "her order"
) -> Handoff:
    """An agent says who is there."""
    return do(
        store,
        verify_by_agent,
        case_id=case.id,
        handoff_id=there.id,
        user_id=user_id,
        reason=reason,
        now=LATER,
    )


def handoff_of(store: Store, handoff_id: int) -> Handoff:
    """As it is stored."""
    with store.unit_of_work() as uow:
        return uow.handoffs.get(handoff_id)


def handoffs(store: Store, case: Case) -> list[tuple[str, str, Proof | None]]:
    """Where the case has been, and how that stands."""
    with store.unit_of_work() as uow:
        return [(one.venue.value, one.state.value, one.proof) for one in uow.handoffs.of_case(case.id)]


def seen_by(store: Store, case: Case) -> int:
    """The newest of the customer's messages."""
    return newest_inbound_id(messages(store, case.id))
