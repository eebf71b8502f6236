"""Follow the issues of a tracker: when they are read, and what a failure postpones."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from domain.trackers.issues import IssueState
from domain.trackers.trackers import ConnectedTracker, Trackers
from handlers.desk import Desk
from handlers.timers.trackers import Follower, tracker_timers
from handlers.trackers import following
from sandbox.faults import Fault
from storage.engine import Store
from tests.adapters.trackers.stand_ins import StandIn, a_github
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import a_stored_case, alerts, queued
from tests.handlers.trackers.made import an_issue, stored


@pytest.fixture
async def followed(sqlite: Store) -> AsyncIterator[tuple[Follower, StandIn, ManualClock]]:
    desk, clock = Desk(sqlite), ManualClock()
    async with a_github() as there:
        tracker = ConnectedTracker(profile=there.profile, client=there.client)
        ctx = a_context(desk, clock=clock, trackers=Trackers([tracker]))
        [timer] = tracker_timers(ctx)
        assert "GitHub" in timer.name
        there.board.clock = clock.now
        yield Follower(ctx, tracker), there, clock
    await asyncio.to_thread(desk.close)


async def test_issues_are_read_when_it_is_time_and_changes_are_told_once(
    sqlite: Store, followed: tuple[Follower, StandIn, ManualClock]
) -> None:
    follower, there, clock = followed
    there.board.create("acme/app", "It eats payments", "")
    issue = an_issue(sqlite, a_stored_case(sqlite))
    await follower.run()
    [one] = there.board.issues.values()
    there.board.close(one, "not_planned")
    await follower.run()  # too early
    assert stored(sqlite, issue.id).state is IssueState.OPEN
    for _ in range(3):
        clock.advance(minutes=2)
        await follower.run()
    assert stored(sqlite, issue.id).state is IssueState.DROPPED
    assert len(queued(sqlite, "post_issue_change")) == 1


async def test_a_failure_postpones_and_a_refused_token_is_told_once(
    sqlite: Store, followed: tuple[Follower, StandIn, ManualClock]
) -> None:
    follower, there, clock = followed
    an_issue(sqlite, a_stored_case(sqlite))
    there.board.limit = 0
    await follower.run()
    assert alerts(sqlite) == []
    there.board.limit = 9
    for _ in range(2):
        there.faults.add(Fault(there.reads, "status", status=401, body='{"message": "Bad credentials"}'))
        clock.advance(minutes=3)
        await follower.run()
    [told] = alerts(sqlite)
    assert "GITHUB_ISSUES_TOKEN" in told
    clock.advance(hours=1)
    await follower.run()
    assert follower.failures == 0


async def test_it_is_logged_that_there_are_more_issues_than_are_followed(
    sqlite: Store,
    followed: tuple[Follower, StandIn, ManualClock],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    follower, _, clock = followed
    an_issue(sqlite, a_stored_case(sqlite))
    await follower.run()
    assert "are followed" not in caplog.text
    monkeypatch.setattr(following, "MAX_FOLLOWED", 1)
    clock.advance(hours=7)
    await follower.run()
    assert "only the newest 1 open issues at GitHub are followed" in caplog.text


async def deleted(followed: tuple[Follower, StandIn, ManualClock], *numbers: int) -> None:
    """Delete issues in the tracker, and read all others so often that it is known."""
    follower, there, clock = followed
    for number in numbers:
        del there.board.issues["acme/app", number]
    clock.advance(hours=7)
    for _ in range(3):
        await follower.run()
        clock.advance(minutes=3)


async def test_an_open_issue_that_is_deleted_in_its_tracker_is_told_once_as_gone(
    sqlite: Store, followed: tuple[Follower, StandIn, ManualClock]
) -> None:
    follower, there, clock = followed
    case = a_stored_case(sqlite)
    one, two = (an_issue(sqlite, case, number) for number in (1, 2))
    for _ in range(2):
        there.board.create("acme/app", "It eats payments", "")
    await follower.run()
    [given, _] = there.board.issues.values()
    await deleted(followed, 1)
    await deleted(followed)
    assert stored(sqlite, one.id).state is IssueState.GONE
    assert stored(sqlite, two.id).state is IssueState.OPEN
    assert len(queued(sqlite, "post_issue_change")) == 1
    there.board.issues["acme/app", 1] = given  # it was hidden from us alone
    clock.advance(hours=7)
    await follower.run()
    assert stored(sqlite, one.id).state is IssueState.OPEN


async def test_an_issue_that_one_reading_did_not_find_is_not_gone(
    sqlite: Store, followed: tuple[Follower, StandIn, ManualClock]
) -> None:
    follower, there, clock = followed
    issue = an_issue(sqlite, a_stored_case(sqlite))
    await follower.run()
    there.board.create("acme/app", "It eats payments", "")
    clock.advance(minutes=3)
    await follower.run()
    assert stored(sqlite, issue.id).state is IssueState.OPEN
    assert not follower.missing


async def test_where_no_issue_is_found_any_more_the_token_is_doubted(
    sqlite: Store, followed: tuple[Follower, StandIn, ManualClock]
) -> None:
    follower, there, _ = followed
    case = a_stored_case(sqlite)
    issues = [an_issue(sqlite, case, number) for number in (1, 2, 3)]
    for _ in issues:
        there.board.create("acme/app", "It eats payments", "")
    await follower.run()
    await deleted(followed, 1, 2, 3)
    assert {stored(sqlite, issue.id).state for issue in issues} == {IssueState.OPEN}
    [told] = alerts(sqlite)
    assert "none of 3 issues is found any more" in told
