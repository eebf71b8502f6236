"""Cases, messages and moments for the tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.cases.case import Case, CaseState
from domain.cases.messages import Direction, Message
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.posts import Author, ReplyBlock
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from storage.engine import Store

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
ANA = Author(id="77", handle="ana", name="Ana Ngata", followers=12)


def a_case(**changes: Any) -> Case:  # noqa: ANN401 - any of the fields
    """A case that nobody has stored."""
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


def once_more(case: Case) -> Case:
    """The case with a number in it one higher: for counting how often it was changed."""
    return replace(case, author=replace(case.author, followers=case.author.followers + 1))


def a_full_case() -> Case:
    """A case with every field set."""
    return a_case(
        claimed_by="U1",
        claimed_at=NOW + SECOND,
        waiting_since=NOW + 2 * SECOND,
        first_reply_due=NOW + 3 * SECOND,
        first_replied_at=NOW + 4 * SECOND,
        snoozed_until=NOW + 5 * SECOND,
        closed_by="U2",
        closed_at=NOW + 6 * SECOND,
        reply_block=ReplyBlock.RESTRICTED,
        card_channel="C1",
        card_ts="1.2",
        card_digest="d",
        thread_seen=9,
        reopened_at=NOW + 7 * SECOND,
    )


def a_message(case_id: int, external_id: str | None = "901", **changes: Any) -> Message:  # noqa: ANN401 - any of the fields
    """A customer's message that nobody has stored."""
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
    """An offer of a chat that nobody has stored."""
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


def stored(store: Store, *cases: Case) -> list[Case]:
    """The cases, stored in a transaction of their own."""
    with store.unit_of_work() as uow:
        return uow.cases.add_many(cases or [a_case()])
