"""What the outlook is computed from, counted by hand on both databases, and by which plans it is read."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.cases.messages import Delivery, Direction, Message
from domain.cases.waits import Wait, WaitKind
from domain.records.audit import Action, Entry
from domain.reports.outlook import OutlookPolicy
from domain.surge.baseline import hour_number
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from handlers.reports.outlook import view_outlook
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.storage.golden_cases import moment, store_golden
from tests.storage.made import a_case, a_message
from tests.storage.plans import explained

MIDDLE, BERLIN = date(2026, 3, 29), ZoneInfo("Europe/Berlin")
NIGHT = moment(MIDDLE, BERLIN, 0, "00:00")
UNTIL = NIGHT + timedelta(days=2)
MINUTE = timedelta(minutes=1)


def local(number: int) -> tuple[int, int]:
    """Return day and hour of the clock in Berlin of an hour by its number."""
    at = datetime.fromtimestamp(number * 3600, BERLIN)
    return at.day - MIDDLE.day, at.hour


def private_message(case_id: int, number: int) -> Message:
    return Message(
        id=0,
        case_id=case_id,
        direction=Direction.IN,
        venue=Venue.DM,
        author_id="dee",
        author_name="Dee",
        text="and now?",
        created_at=NIGHT + 90 * MINUTE,
        external_id=f"dm{number}",
        assessment=Assessment("en", Situation.REFUND, Urgency.NORMAL, (), 0.0),
    )


def store_private(uow: UnitOfWork) -> None:
    """Store two private messages of dee, with the first of which a wait begins."""
    [case] = uow.cases.of_author("x", "1", "dee", limit=1)
    both = [private_message(case.id, number) for number in (1, 2)]
    asked, _ = uow.messages.add_many(both, network="x", account_id="1")
    uow.responses.add_many(
        [
            Wait(
                id=0,
                case_id=case.id,
                kind=WaitKind.NEXT,
                asked_message_id=asked.id,
                asked_at=asked.created_at,
            )
        ]
    )


def test_messages_and_waits_are_those_counted_by_hand(store: Store) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, BERLIN)
        store_private(uow)
    with store.unit_of_work() as uow:
        figures = uow.outlook_figures
        found = figures.messages(NIGHT, UNTIL)
        # Of the day itself the ten mentions of tests/storage/test_figures.py and the private message that
        # began a wait; the clock goes from two to three. The day after: ana, joe and kim's, and gus's second.
        assert {local(hour): count for hour, count in found.items()} == Counter(
            [(0, hour) for hour in (0, 1, 9, 10, 10, 11, 11, 12, 13, 14, 23)]
            + [(1, 0), (1, 12), (1, 13), (1, 23)]
        )
        # First waits: cem, dee, eve, fay, gus, hal (still open), ida, ana and kim. A further one is dee's
        # private one, which is open. Those that ended without an answer are not counted.
        assert figures.waits(NIGHT, UNTIL) == 10
        there = figures.answerers(NIGHT, UNTIL)
        # Ben at 0:29, cem at 1:00, dee at 9:20, eve at 10:40, fay at 12:30, gus at 12:50; on the day after
        # ida at 0:09 and ana at 0:05; kim at 0:14 of the next.
        days = [(0, 0), (0, 1), (0, 9), (0, 10), (0, 12), (1, 0), (2, 0)]
        assert sorted(map(local, there)) == days
        by_hour = {local(hour): agents for hour, agents in there.items()}
        assert by_hour.pop((0, 12)) == {"U1", "U2"}, "fay is answered by somebody else"
        assert set(by_hour.values()) == {frozenset({"U1"})}
        assert figures.first_case_at() == moment(MIDDLE, BERLIN, -1, "10:00")


def test_an_answer_takes_from_the_claim_of_its_writer_to_its_writing(store: Store) -> None:
    with store.unit_of_work() as uow:
        for number, claims in enumerate(
            [
                [("U1", Action.CLAIMED, 10), ("U1", Action.TAKEN_OVER, 30)],  # 20 minutes since the last
                [("U1", Action.CLAIMED, 50)],  # claimed by the answer itself
                [("U2", Action.CLAIMED, 10)],  # by another
                [("U1", Action.CLAIMED, -10)],  # before the customer asked
                [],
            ]
        ):
            [case] = uow.cases.add_many([a_case(opened_at=NIGHT)])
            answer = replace(
                a_message(case.id, None),
                direction=Direction.OUT,
                delivery=Delivery.SENT,
                created_at=NIGHT + 50 * MINUTE,
                client_key=f"k{number}",
            )
            [ours] = uow.messages.add_many([answer], network="x", account_id="1")
            wait = Wait(id=0, case_id=case.id, kind=WaitKind.FIRST, asked_message_id=1, asked_at=NIGHT)
            answered = replace(
                wait, answered_at=NIGHT + 55 * MINUTE, answered_by="U1", answered_message_id=ours.id
            )
            uow.responses.add_many([answered])
            uow.audit.add_many(
                [
                    Entry(at=NIGHT + at * MINUTE, actor=who, action=action, case_id=case.id, version=1)
                    for who, action, at in claims
                ]
            )
    with store.unit_of_work() as uow:
        assert uow.outlook_figures.handling_seconds(NIGHT, limit=9) == [20 * 60]
        assert uow.outlook_figures.handling_seconds(NIGHT + 56 * MINUTE, limit=9) == []


def test_the_outlook_of_what_is_stored_reads_no_table_whole(store: Store) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, BERLIN)
    with explained(store) as (uow, plans):
        outlook = view_outlook(uow, policy=OutlookPolicy(), now=UNTIL + 20 * MINUTE)
    assert outlook.known_hours == hour_number(UNTIL) - hour_number(moment(MIDDLE, BERLIN, -1, "10:00"))
    assert outlook.is_short
    assert len(outlook.days) == 7  # it is 23:20 in the office's time zone, UTC
    assert plans.scans == []


def test_without_a_case_the_outlook_is_empty(store: Store) -> None:
    with store.unit_of_work() as uow:
        assert view_outlook(uow, policy=OutlookPolicy(), now=UNTIL).days == ()


def test_who_was_there_counts_on_the_whole_first_date(store: Store) -> None:
    """Four weeks ago at this hour the morning of that date was over."""
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, BERLIN)
    today = datetime(2026, 4, 26, 15, 20, tzinfo=UTC)  # 28 days after MIDDLE
    with store.unit_of_work() as uow:
        outlook = view_outlook(uow, policy=OutlookPolicy(), now=today)
    [morning] = [part for part in outlook.days[-1].parts if part.since == 9]
    assert outlook.days[-1].date == today.date() + timedelta(days=7)
    assert morning.there == 2 / 4, "fay and gus were answered by two at 10:30 and 10:50 UTC"
