"""Build and store cases, messages, hand-offs and files for tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.cases.case import Case, CaseState
from domain.cases.files import File
from domain.cases.messages import Direction, Message
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.posts import Author, ReplyBlock
from domain.intake.unproven_mails import Doubt, UnprovenMail
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from storage.engine import Store

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
#: The network and the account id of every stored case and post.
HERE = ("x", "1")
ANA = Author(id="77", handle="ana", name="Ana Ngata", followers=12)


def a_case(**changes: Any) -> Case:  # noqa: ANN401 - any of the fields
    """Build a case that is not stored yet."""
    case = Case(
        id=0,
        version=1,
        network="x",
        account_id="1",
        author=ANA,
        state=CaseState.OPEN,
        assessment=Assessment("en", Situation.CANNOT_PAY, Urgency.HIGH, ("money", "time is short"), -0.25),
        opened_at=NOW,
        last_message_at=NOW,
        channel="C1",
        conversation_id="900",
        reply_to_id="901",
    )
    return replace(case, **changes)


def with_one_more_follower(case: Case) -> Case:
    """Increment a counter in the case, to count how often it was saved."""
    return replace(case, author=replace(case.author, followers=case.author.followers + 1))


def a_full_case() -> Case:
    """Build a case with every field set."""
    return a_case(
        claimed_by="U1",
        claimed_at=NOW + SECOND,
        waiting_since=NOW + 2 * SECOND,
        reply_due=NOW + 3 * SECOND,
        first_replied_at=NOW + 4 * SECOND,
        snoozed_until=NOW + 5 * SECOND,
        closed_by="U2",
        closed_at=NOW + 6 * SECOND,
        reply_block=ReplyBlock.RESTRICTED,
        card_channel="C1",
        card_ts="1.2",
        card_digest="d",
        thread_audit_id=9,
        reopened_at=NOW + 7 * SECOND,
    )


def a_message(case_id: int, external_id: str | None = "901", **changes: Any) -> Message:  # noqa: ANN401 - any of the fields
    """Build a customer's message that is not stored yet."""
    message = Message(
        id=0,
        case_id=case_id,
        direction=Direction.IN,
        venue=Venue.PUBLIC,
        author_id=ANA.id,
        author_name=ANA.name,
        text="I cannot pay",
        created_at=NOW,
        external_id=external_id,
    )
    return replace(message, **changes)


def a_handoff(case_id: int, nonce: str = "n1", **changes: object) -> Handoff:
    """Build an offer of a live chat that is not stored yet."""
    handoff = Handoff(
        id=0,
        case_id=case_id,
        venue=Venue.CHAT,
        state=HandoffState.OFFERED,
        offered_at=NOW,
        offered_by="U1",
        expires_at=NOW + DAY,
        nonce=nonce,
        code="424242",
    )
    return replace(handoff, **changes)  # type: ignore[arg-type]


def an_unproven_mail(case_id: int, handoff_id: int) -> UnprovenMail:
    """Build a mail that stands apart, and is not stored yet."""
    return UnprovenMail(
        id=0,
        case_id=case_id,
        handoff_id=handoff_id,
        network="email",
        account_id="support@acme.example",
        external_id=f"{case_id}@example.com",
        address="ben@example.com",
        name="Ben",
        text="It is me",
        at=NOW,
        doubt=Doubt.FROM_ALONE,
    )


def a_file(case_id: int, message_id: int, name: str = "a.png", **changes: object) -> File:
    """Build a PNG that is not stored yet."""
    file = File(
        id=0,
        case_id=case_id,
        message_id=message_id,
        name=name,
        media_type="image/png",
        size=3,
        created_at=NOW,
    )
    return replace(file, **changes)  # type: ignore[arg-type]


def stored(store: Store, *cases: Case) -> list[Case]:
    """Store the cases (one by default) in one transaction."""
    with store.unit_of_work() as uow:
        return uow.cases.add_many(cases or [a_case()])


def stored_messages(store: Store, *messages: Message) -> list[Message]:
    """Store the messages as public posts of account 1 on X, in one transaction."""
    with store.unit_of_work() as uow:
        return uow.messages.add_many(messages, network="x", account_id="1")


def stored_handoffs(store: Store, *handoffs: Handoff) -> list[Handoff]:
    """Store the hand-offs in one transaction."""
    with store.unit_of_work() as uow:
        return [uow.handoffs.add(handoff) for handoff in handoffs]


def stored_private_message(store: Store, message: Message) -> Message:
    """Store a message of the stream of direct messages, in one transaction."""
    with store.unit_of_work() as uow:
        [kept] = uow.messages.add_many([message], network="x:dm", account_id="1")
        return kept
