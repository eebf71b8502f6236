"""Build hand-offs, and shortcuts for private messages of both sides."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.slack.handoffs.venue_names import full_name
from domain.accounts import Account
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.code_answers import CodeWords
from domain.handoffs.forms import HandoffForm
from domain.handoffs.handoff import Handoff, Proof
from domain.handoffs.venue_choice import Unavailable
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingMessage, SenderCheck
from domain.intake.unproven_mails import UnprovenMail
from domain.records.audit import Action
from domain.replies.forms import PrivateReplyForm
from domain.replies.rules_of_engagement import RulesOfEngagement
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.cases.views import newest_inbound_id
from handlers.handoffs.form import HandoffAccepted, HandoffSubmission, open_handoff_form, submit_handoff
from handlers.handoffs.venues import HandoffVenues
from handlers.handoffs.verification import verify_by_agent
from handlers.intake.private_messages import ingest_private_message
from handlers.replies.private import PrivateReply, send_private_reply
from handlers.replies.results import record_sent
from storage.engine import Store
from tests.handlers.made import (
    ACME,
    ANA,
    HOUR,
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
#: When an offer made at `LATER` is reminded of and when it expires.
REMINDER_DUE = LATER + 30 * MINUTE
OFFER_EXPIRES = LATER + 24 * HOUR


class _Sequence:
    """A sequence of distinct strings, in place of random nonces and codes."""

    def __init__(self) -> None:
        self.last = 0

    def __call__(self) -> str:
        self.last += 1
        return f"n{self.last}"


def handoff_venues(**changes: Any) -> HandoffVenues:  # noqa: ANN401 - any of the fields
    """Set up every venue; links to the chat and the form end in the nonce."""
    made = HandoffVenues(
        networks=networks(),
        links={
            Venue.EMAIL: lambda nonce: f"https://acme.example/mail#{nonce}",
            Venue.CHAT: lambda nonce: f"https://acme.example/chat#{nonce}",
        },
        unavailable_reasons={},
        proposed_text=lambda venue, language, link: f"{full_name(venue)} ({language}): {link}",
        new_nonce=_Sequence(),
        new_code=_Sequence(),
        code_words=CodeWords({}),
    )
    return replace(made, **changes)


def link_of(form: HandoffForm) -> str:
    """Return the link of the venue that is chosen in the form."""
    link = handoff_venues().link(form.view.case, form.chosen, form.nonce)
    assert link
    return link


def form(store: Store, case: Case, user_id: str = SAM, **more: Any) -> HandoffForm:  # noqa: ANN401 - any argument of `open_handoff_form`
    """Open the form of a hand-off."""
    given: dict[str, Any] = {"venues": handoff_venues(), "now": LATER}
    return do(store, open_handoff_form, case_id=case.id, user_id=user_id, **given | more)


def choices(store: Store, case: Case, **more: Any) -> dict[str, Unavailable | None]:  # noqa: ANN401 - any argument of the form
    """Return why each venue of the form cannot be chosen; `None` where it can."""
    return {choice.venue.value: choice.unavailable_reason for choice in form(store, case, **more).choices}


def a_submission(store: Store, case: Case, venue: Venue, **more: Any) -> HandoffSubmission:  # noqa: ANN401 - any of the fields
    """Build a submission by an agent who has seen everything and kept the proposed text."""
    nonce = more.get("nonce", f"{venue.value}-{case.id}-{case_of(store, case.id).version}")
    shown = form(store, case, chosen=venue, nonce=nonce, address=more.get("address", ""))
    submission = HandoffSubmission(
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
    return replace(submission, **more)


def submit(
    store: Store,
    submission: HandoffSubmission,
    *,
    rules: RulesOfEngagement = FREE,
    now: datetime = LATER,
    **more: Any,  # noqa: ANN401 - any of the fields of `HandoffVenues`
) -> HandoffAccepted | HandoffForm:
    """Submit the form."""
    return do(
        store,
        submit_handoff,
        submission,
        venues=handoff_venues(**more),
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
    **more: Any,  # noqa: ANN401 - any of the form's fields
) -> Handoff:
    """Offer a move whose public message is sent, unless `sent` is false."""
    result = submit(store, a_submission(store, case, venue, **more), now=now)
    assert isinstance(result, HandoffAccepted)
    if sent:
        message = messages(store, case.id)[-1]
        do(
            store,
            record_sent,
            message_id=message.id,
            result={"id": f"offer-{message.id}", "url": None},
            now=now,
        )
    return handoff_of(store, result.handoff.id)


def incoming_message(text: str = "Hi, it is me", venue: Venue = Venue.DM, **more: Any) -> IncomingMessage:  # noqa: ANN401 - any of the fields
    """Build a private message of a customer; by default a direct message from Ana."""
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


def incoming_mail(text: str = "Hello", address: str = "ana@example.com", **more: Any) -> IncomingMessage:  # noqa: ANN401 - any of the fields
    """Build a mail from this address."""
    author = Author(id=address, handle=address, name="Ana")
    return incoming_message(
        text, Venue.EMAIL, **{"author": author, "address": address, "external_id": "<m1>"} | more
    )


def proven_mail(text: str = "Hello", **more: Any) -> IncomingMessage:  # noqa: ANN401 - any of the fields
    """Build a mail whose sender our mail server has confirmed."""
    return replace(incoming_mail(text, **more), sender_check=SenderCheck.PASSED)


def ingest_message(store: Store, said: IncomingMessage, *, now: datetime = LATER) -> Message | None:
    """Ingest a private message; `None` if it was ingested before."""
    account = {Venue.DM: ACME, Venue.EMAIL: MAILBOX, Venue.CHAT: replace(ACME, network="chat", id="chat")}
    return do(
        store, ingest_private_message, said, classifier=a_classifier(), account=account[said.venue], now=now
    )


def unproven_mails(store: Store) -> list[UnprovenMail]:
    """Return the mails that stand apart from their cases, with their files, the oldest first."""
    received = Action.UNPROVEN_MAIL_RECEIVED
    with store.unit_of_work() as uow:
        entries = [
            entry for case in uow.case_search.find([], limit=1000) for entry in uow.audit.of_case(case.id)
        ]
        mails = [
            uow.unproven_mails.get(entry.detail["mail"]) for entry in entries if entry.action is received
        ]
    return sorted((mail for mail in mails if mail is not None), key=lambda mail: mail.id)


def in_private(store: Store, *, venue: Venue = Venue.DM, user_id: str = SAM) -> tuple[Case, Handoff]:
    """Store a claimed case of Ana's whose customer has arrived at the venue and written there."""
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=user_id, now=NOW)
    offer = offered(store, case, venue, user_id=user_id)
    came = {
        Venue.DM: incoming_message(),
        Venue.EMAIL: incoming_mail(handoff_id=offer.id),
        Venue.CHAT: incoming_message(venue=Venue.CHAT, handoff_id=offer.id, address="chat.1"),
    }
    assert ingest_message(store, came[venue]) is not None
    return case_of(store, case.id), handoff_of(store, offer.id)


def submit_private_reply(
    store: Store,
    case: Case,
    text: str = "Hi Ana, let us see",
    *,
    now: datetime = LATER,
    rules: RulesOfEngagement = FREE,
    **more: Any,  # noqa: ANN401 - any of the fields of `PrivateReply`
) -> Message | PrivateReplyForm:
    """Send a private reply from the thread, as the assignee."""
    said = PrivateReply(case_id=case.id, user_id=SAM, text=text, client_key=f"slack:{text}", thread_ts="7.1")
    return do(store, send_private_reply, replace(said, **more), rules=rules, networks=networks(), now=now)


def private_reply(store: Store, case: Case, text: str = "Hi Ana, let us see", **more: Any) -> Message:  # noqa: ANN401 - any of the fields of `PrivateReply`
    """Send a private reply that must be accepted; it is queued."""
    message = submit_private_reply(store, case, text, **more)
    assert isinstance(message, Message)
    return message


def agent_verifies(
    store: Store, case: Case, there: Handoff, *, user_id: str = SAM, reason: str = "her order"
) -> Handoff:
    """Verify the person, as an agent with a reason."""
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
    """Load the hand-off."""
    with store.unit_of_work() as uow:
        return uow.handoffs.get(handoff_id)


def handoffs(store: Store, case: Case) -> list[tuple[str, str, Proof | None]]:
    """Return (venue, state, proof) of each hand-off of the case."""
    with store.unit_of_work() as uow:
        return [(one.venue.value, one.state.value, one.proof) for one in uow.handoffs.of_case(case.id)]


def newest_inbound(store: Store, case: Case) -> int:
    """Return the id of the customer's newest message."""
    return newest_inbound_id(messages(store, case.id))
