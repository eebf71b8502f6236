"""Create issues at a stand-in of GitHub by the real performer: one only, whatever happens on the way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from domain.delivery.pacing import Pace
from domain.trackers.issues import Creation
from domain.trackers.trackers import ConnectedTracker, Trackers
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers import performers
from handlers.desk import Desk
from handlers.trackers.issues import retry_issue
from sandbox.faults import Fault, Mode
from storage.engine import Store
from tests.adapters.trackers.stand_ins import StandIn, a_github
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock, turn
from tests.handlers.made import MIA, NOW, a_stored_case, do
from tests.handlers.trackers.made import asked_for, stored


@dataclass(frozen=True)
class Harness:
    """A delivery loop that creates issues, the other side, and the time."""

    delivery: Delivery
    there: StandIn
    clock: ManualClock

    async def settle(self, *, minutes: int = 3) -> None:
        for _ in range(minutes * 6):
            await turn(self.delivery)
            self.clock.advance(seconds=10)


def _unpaced(_destination: str) -> Pace | None:
    return None


@pytest.fixture
async def harness(sqlite: Store) -> AsyncIterator[Harness]:
    desk, clock = Desk(sqlite), ManualClock()
    async with a_github() as there:
        trackers = Trackers([ConnectedTracker(profile=there.profile, client=there.client)])
        made = performers(a_context(desk, clock=clock, trackers=trackers))
        kept = {kind: one for kind, one in made.items() if kind == "create_issue"}
        dispatcher = Dispatcher(performers=kept, paces=_unpaced, owner="me")
        there.board.clock = clock.now
        yield Harness(Delivery(desk, dispatcher, clock, sole_worker=False), there, clock)
    await asyncio.to_thread(desk.close)


@pytest.mark.parametrize("mode", ["lost-before", "lost-after"])
async def test_a_lost_answer_never_creates_a_second_issue(
    sqlite: Store, harness: Harness, mode: Mode
) -> None:
    issue = asked_for(sqlite, a_stored_case(sqlite))
    harness.there.faults.add(Fault(harness.there.creates, mode))
    await turn(harness.delivery)
    assert stored(sqlite, issue.id).creation is Creation.UNSURE
    await harness.settle()
    [made] = harness.there.board.issues.values()
    created = stored(sqlite, issue.id)
    assert (created.creation, created.key) == (Creation.CREATED, f"acme/app#{made.number}")


async def test_an_absence_counts_only_once_a_search_would_list_the_issue(
    sqlite: Store, harness: Harness
) -> None:
    issue = asked_for(sqlite, a_stored_case(sqlite))
    harness.there.faults.add(Fault(harness.there.creates, "lost-before"))
    for _ in range(4):  # within GitHub's half a minute
        await turn(harness.delivery)
        harness.clock.advance(seconds=6)
    assert harness.there.board.issues == {}
    assert stored(sqlite, issue.id).creation is Creation.UNSURE


async def test_what_could_not_be_looked_for_is_found_when_a_person_tries_again(
    sqlite: Store, harness: Harness
) -> None:
    case = a_stored_case(sqlite)
    issue = asked_for(sqlite, case)
    harness.there.faults.add(Fault(harness.there.creates, "lost-after"))
    harness.there.faults.add(Fault(harness.there.finds, "status", times=-1, status=403, body="{}"))
    await harness.settle(minutes=15)
    assert stored(sqlite, issue.id).creation is Creation.FAILED
    harness.there.faults.clear()
    do(sqlite, retry_issue, issue_id=issue.id, case_id=case.id, user_id=MIA, now=NOW)
    await harness.settle()
    assert stored(sqlite, issue.id).creation is Creation.CREATED
    assert len(harness.there.board.issues) == 1


async def test_what_was_refused_is_told_and_tried_again_by_a_person(sqlite: Store, harness: Harness) -> None:
    case = a_stored_case(sqlite)
    issue = asked_for(sqlite, case)
    harness.there.faults.add(Fault(harness.there.creates, "status", status=403, body="{}"))
    await turn(harness.delivery)
    refused = stored(sqlite, issue.id)
    assert refused.creation is Creation.FAILED
    assert "Issues: read and write" in refused.error
    do(sqlite, retry_issue, issue_id=issue.id, case_id=case.id, user_id=MIA, now=NOW)
    await turn(harness.delivery)
    assert stored(sqlite, issue.id).creation is Creation.CREATED
    assert len(harness.there.board.issues) == 1
