"""A dozen cases around a day on which the clock may change, with all that figures are counted from.

Times are local ones of the day before (-1), the day itself (0) and the day after (1), so that the figures are
the same in every time zone. Durations are absolute.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.cases.case import CaseState
from domain.cases.messages import Direction, Message
from domain.cases.tags import CustomerTag
from domain.cases.waits import EndReason, Wait, WaitKind
from domain.chat.rating import Rating
from domain.handoffs.handoff import HandoffState
from domain.intake.posts import Author
from domain.knowledge.reply_choices import ReplyChoice
from domain.records.audit import SYSTEM, Action, Entry
from domain.surge.spending import Spent
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from storage.unit_of_work import UnitOfWork
from tests.storage.made import a_case, a_handoff

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAY, REFUND, PRAISE = Situation.CANNOT_PAY, Situation.REFUND, Situation.PRAISE


@dataclass(frozen=True, kw_only=True)
class Told:
    """A case: `posts` are the minutes after `at` of the customer's further posts, with their situations.

    `answered` is after how many minutes we answered the first post, which was due after 60; 0: never.
    `by` is who answered. `asked_again` is after how many minutes more the customer asked again, which nobody
    answered. `resolved` is after how many minutes.
    """

    day: int
    at: str
    author: str
    situation: Situation = PAY
    language: str = "en"
    network: str = "x"
    sentiment: float = 0.0
    answered: int = 0
    by_offer: bool = False
    by: str = "U1"
    asked_again: int = 0
    resolved: int = 0
    posts: tuple[tuple[int, Situation], ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)


CASES = (
    # The day before; one is in its last minute.
    Told(day=-1, at="10:00", author="ana", answered=10, resolved=20, sentiment=-0.5),
    Told(day=-1, at="23:59", author="ben", answered=30, language="es"),
    # The day itself, from its first second to its last minute.
    Told(day=0, at="00:00", author="cem", situation=REFUND, answered=60, resolved=120, sentiment=0.5),
    # Resolved, and the customer wrote again in the case after an hour: re-opened, a repeat contact.
    Told(
        day=0,
        at="09:00",
        author="dee",
        situation=REFUND,
        answered=20,
        resolved=30,
        posts=((90, REFUND),),
        fields={"outage_id": 7},
    ),
    # Resolved, and thanked: neither.
    Told(
        day=0,
        at="10:00",
        author="eve",
        answered=40,
        resolved=50,
        posts=((60, PRAISE),),
        fields={"closed_by": "U2"},
    ),
    # Answered late; asked again after two hours: still broken.
    Told(day=0, at="11:00", author="fay", answered=90, by="U2", asked_again=120, language="es"),
    # Answered; asked again after 25 hours: not counted as still broken.
    Told(day=0, at="12:00", author="gus", answered=50, asked_again=25 * 60),
    # Nobody has answered: still waiting.
    Told(day=0, at="13:00", author="hal", fields={"state": CaseState.OPEN, "claimed_by": "U1"}),
    # Answered by an offer of a chat: not counted among the answers.
    Told(day=0, at="23:59", author="ida", answered=10, by_offer=True, network="town"),
    # The day after. Ana's case of the day before was resolved less than 72 hours ago: a repeat contact.
    Told(day=1, at="00:00", author="ana", answered=5),
    Told(day=1, at="12:00", author="joe", situation=PRAISE, sentiment=1.0),
    Told(day=1, at="23:59", author="kim", answered=15, fields={"channel": "C2"}),
)


def store_golden(uow: UnitOfWork, middle: date, zone: ZoneInfo, *, order: int = 1) -> None:
    """Store the cases, in their order or, with -1, in the reverse order."""
    for number, told in list(enumerate(CASES))[::order]:
        _store(uow, number, told, moment(middle, zone, told.day, told.at))
    _store_others(uow, middle, zone)
    _store_tags(uow, moment(middle, zone, 1, "12:00"))


def _store_tags(uow: UnitOfWork, at: datetime) -> None:
    """Tag the case of gus, and ana herself, who has two cases."""
    [gus] = uow.cases.of_author("x", "1", "gus", limit=1)
    uow.tags.add(gus.id, ["billing"], by="U1", now=at)
    vip = CustomerTag(name="vip", reason="Writes for a newspaper.", added_by="U1", added_at=at)
    uow.tags.save_of_customer("x", "1", "ana", vip)


def moment(middle: date, zone: ZoneInfo, day: int, at: str) -> datetime:
    """Return a local time of a day as a moment."""
    return datetime.combine(middle + timedelta(days=day), time.fromisoformat(at), zone).astimezone(UTC)


def _store(uow: UnitOfWork, number: int, told: Told, at: datetime) -> None:
    state = CaseState.RESOLVED if told.resolved else CaseState.WAITING
    assessment = Assessment(told.language, told.situation, Urgency.NORMAL, (), told.sentiment)
    [case] = uow.cases.add_many(
        [
            a_case(
                network=told.network,
                author=Author(id=told.author, handle=told.author, name=told.author, followers=1),
                assessment=assessment,
                opened_at=at,
                last_message_at=at,
                **{
                    "state": state,
                    "waiting_since": None if told.answered or told.situation is PRAISE else at,
                    **told.fields,
                },
            )
        ]
    )
    said = [
        (0, told.situation),
        *told.posts,
        *([(told.answered + told.asked_again, told.situation)] * bool(told.asked_again)),
    ]
    posts = [
        Message(
            id=0,
            case_id=case.id,
            direction=Direction.IN,
            venue=Venue.PUBLIC,
            author_id=told.author,
            author_name=told.author,
            text=f"{told.author} {position}",
            created_at=at + minutes * MINUTE,
            external_id=f"{number}.{position}",
            assessment=replace(assessment, situation=situation),
        )
        for position, (minutes, situation) in enumerate(said)
    ]
    first, *_ = uow.messages.add_many(posts, network=told.network, account_id="1")
    uow.responses.add_many(list(_waits(told, first, at)))
    if told.resolved:
        resolved_at = at + told.resolved * MINUTE
        uow.audit.add_many(
            [Entry(at=resolved_at, actor="U1", action=Action.RESOLVED, case_id=case.id, version=2)]
        )


def _waits(told: Told, first: Message, at: datetime) -> Iterator[Wait]:
    if told.situation is PRAISE:
        return
    due = at + HOUR
    wait = Wait(
        id=0,
        case_id=first.case_id,
        kind=WaitKind.FIRST,
        asked_message_id=first.id,
        asked_at=at,
        due_at=due,
    )
    if not told.answered:
        yield wait
        return
    answered_at = at + told.answered * MINUTE
    yield replace(
        wait,
        answered_message_id=2,
        answered_at=answered_at,
        answered_by=told.by,
        venue=Venue.PUBLIC,
        by_offer=told.by_offer,
        office_seconds=told.answered * 30,
    )
    later = [minutes for minutes, situation in told.posts if situation is not PRAISE]
    for minutes in [*later, *([told.answered + told.asked_again] if told.asked_again else [])]:
        asked_at = at + minutes * MINUTE
        yield replace(
            wait,
            kind=WaitKind.NEXT,
            asked_at=asked_at,
            due_at=asked_at + HOUR,
            ended_at=asked_at + HOUR,
            end_reason=EndReason.GONE,
        )


def _store_others(uow: UnitOfWork, middle: date, zone: ZoneInfo) -> None:
    """Store in eve's case an e-mail, two hand-offs, of which one arrived, a rating and four answers.

    Dee came in private by herself.
    """
    case = next(case for case in uow.cases.of_author("x", "1", "eve", limit=1))
    noon = moment(middle, zone, 0, "12:00")
    mail = Message(
        id=0,
        case_id=case.id,
        direction=Direction.IN,
        venue=Venue.EMAIL,
        author_id="eve@example.com",
        author_name="Eve",
        text="thank you",
        created_at=noon,
        external_id="<1@example.com>",
        assessment=Assessment("en", PRAISE, Urgency.LOW, (), 0.9),
    )
    uow.messages.add_many([mail], network="email", account_id="help@example.com")
    arrived = uow.handoffs.add(
        a_handoff(case.id, "n1", offered_at=noon, state=HandoffState.ARRIVED, arrived_at=noon + HOUR)
    )
    uow.handoffs.add(a_handoff(case.id, "n2", offered_at=noon))
    dee = next(case for case in uow.cases.of_author("x", "1", "dee", limit=1))
    by_themselves = {"offered_by": SYSTEM, "state": HandoffState.ARRIVED, "arrived_at": noon}
    uow.handoffs.add(a_handoff(dee.id, "n3", offered_at=noon, **by_themselves))
    uow.ratings.put(Rating(handoff_id=arrived.id, case_id=case.id, solved=True, comment="", at=noon))
    [asked] = uow.messages.of_case(case.id, limit=1)
    uses = (
        ("refunds", "refunds", False),
        ("refunds", "refunds", True),
        ("refunds", "payments", False),
        ("", "", False),
    )
    for number, (suggested, chosen, is_edited) in enumerate(uses):
        answer = Message(
            id=0,
            case_id=case.id,
            direction=Direction.OUT,
            venue=Venue.PUBLIC,
            author_id="1",
            author_name="Acme",
            text="Hello",
            created_at=noon,
            client_key=f"k{number}",
            sent_by="U2",
        )
        [ours] = uow.messages.add_many([answer], network="x", account_id="1")
        choice = ReplyChoice(
            case_id=case.id,
            message_id=asked.id,
            answer_id=ours.id,
            suggested=suggested,
            chosen=chosen,
            is_edited=is_edited,
            created_at=noon,
            sent_at=noon,
        )
        uow.reply_choices.add(choice)
    for day in (-2, -1, 0, 1, 2):
        spent = Spent(network="x", act="mentions", count=100, cost=0.5)
        uow.spending.add((middle + timedelta(days=day)).isoformat(), spent)
