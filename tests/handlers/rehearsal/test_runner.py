"""Begin, feed, resume and end a rehearsal; every post once, whenever the bot stops."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.prompts.rehearsal import load_flood_words
from domain.intake.stream_names import MENTIONS
from domain.outages.outage import Severity
from domain.outages.policy import OutagePolicy
from domain.outages.rehearsal import EndReason, PostedMessage, Rehearsal
from domain.surge.flood import Board
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike
from handlers.desk import Desk
from handlers.intake.mentions import ingest_posts
from handlers.outages.notices import OutageFacts, open_outage
from handlers.outages.rehearsals import current_rehearsal, start_rehearsal, stop_rehearsal, view_rehearsal
from handlers.rehearsal.runner import FLOOD_WORDS, Rehearsals
from storage.engine import open_store
from storage.rehearsal_store import RehearsalDatabase
from storage.tables import messages
from storage.unit_of_work import UnitOfWork
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.knowledge.test_reply_choices import ODD, answer
from tests.handlers.made import (
    ACME,
    MIA,
    NOW,
    POLICY,
    PROFILE,
    SAM,
    a_classifier,
    a_post,
    a_stored_case,
    queued,
)
from tests.handlers.outages.made import MIA_MAY, SAM_MAY, content
from tests.handlers.rehearsal.made import KeptChat
from tests.handlers.rehearsal.test_context import AnyModals
from tests.source import ROOT

DRILL = "C0DRILL"
WORDS = load_flood_words(ROOT / "prompts" / "rehearsal" / FLOOD_WORDS)
ASKED = Rehearsal(channel=DRILL, posts=20, minutes=5, started_by=SAM, asked_at=NOW)


class Copy:
    """A copy of the bot as far as rehearsals go, with a clock that a test moves."""

    def __init__(self, url: str, clock: ManualClock, *, leads: bool = True) -> None:
        self.store, self.clock, self.chat = open_store(url), clock, KeptChat()
        self.desk = Desk(self.store)
        policy = replace(POLICY, outages=OutagePolicy(oncall_channel="C0ONCALL", rehearsal_channel=DRILL))
        ctx = a_context(self.desk, clock=clock, team_chat=self.chat, modals=AnyModals(), policy=policy)
        self.rehearsals = Rehearsals(ctx, RehearsalDatabase(url), WORDS, lambda: leads)

    async def run(self, use_case: Callable[..., Any], *args: Any, **more: Any) -> Any:  # noqa: ANN401
        return await self.desk.run(use_case, *args, **more)

    async def tend(self, *, minutes: float = 0) -> None:
        """Let time pass as it does while a bot runs, in steps of 20 s, and tend."""
        for _ in range(round(minutes * 3)):
            self.clock.advance(seconds=20)
            await self.rehearsals.tend()
        await self.rehearsals.tend()

    async def posts(self) -> tuple[int, int]:
        """Count the posts of the open rehearsal, and those among them that differ."""
        found = await self.rehearsals.find()
        assert found is not None
        return await found[1].desk.run(count_posts)


def count_posts(uow: UnitOfWork) -> tuple[int, int]:
    keys = select(func.count(messages.c.external_id), func.count(messages.c.external_id.distinct()))
    row = uow.messages._connection.execute(keys).one()
    return row[0], row[1]


@asynccontextmanager
async def a_copy(url: str, clock: ManualClock, *, leads: bool = True) -> AsyncIterator[Copy]:
    copy = Copy(url, clock, leads=leads)
    try:
        yield copy
    finally:
        await copy.rehearsals.stop()
        await asyncio.to_thread(copy.desk.close)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Timers and delivery of the rehearsal are other tests'."""
    from handlers.rehearsal.running import RunningRehearsal

    monkeypatch.setattr(RunningRehearsal, "start", lambda _self: None)


async def test_posts_come_over_its_time_and_go_on_after_the_bot_was_stopped(database_url: str) -> None:
    clock = ManualClock()
    async with a_copy(database_url, clock) as bot:
        await bot.run(start_rehearsal, ASKED, actor=SAM_MAY, now=clock.now())
        await bot.tend()
        await bot.tend(minutes=2)
        assert await bot.posts() == (9, 9)
    clock.advance(hours=1)
    async with a_copy(database_url, clock) as bot:
        await bot.tend()
        assert await bot.posts() == (9, 9), "what was due meanwhile comes all at once"
        await bot.tend(minutes=6)
        assert await bot.posts() == (20, 20)


async def test_a_start_that_was_cut_off_is_made_again(database_url: str) -> None:
    clock = ManualClock()
    async with a_copy(database_url, clock) as bot:
        await bot.run(start_rehearsal, ASKED, actor=SAM_MAY, now=clock.now())
        await asyncio.to_thread(RehearsalDatabase(database_url).create)
        await bot.tend()
        await bot.tend(minutes=1)
        assert await bot.posts() == (5, 5)


async def test_it_ends_by_stop_with_a_score_and_is_erased(database_url: str) -> None:
    clock, database = ManualClock(), RehearsalDatabase(database_url)
    async with a_copy(database_url, clock) as bot:
        started = await bot.run(start_rehearsal, ASKED, actor=SAM_MAY, now=clock.now())
        await bot.tend()
        await bot.tend(minutes=1)
        await bot.run(stop_rehearsal, actor=MIA_MAY, now=clock.now())
        await bot.tend()
        assert await bot.run(current_rehearsal) is None
        ended, _ = await bot.run(view_rehearsal, rehearsal_id=started.id)
        assert (ended.end_reason, ended.stop_asked_by) == (EndReason.STOPPED, MIA)
        assert (ended.score.posts, ended.score.noticed, ended.score.urgent) == (5, None, 0)
        assert await asyncio.to_thread(database.open) is None
        assert await bot.rehearsals.find() is None


async def test_what_is_left_in_the_channel_is_folded_after_delivery_has_stopped(database_url: str) -> None:
    """A card that is drawn once more would have its buttons again."""
    clock = ManualClock()
    async with a_copy(database_url, clock) as bot:
        started = await bot.run(start_rehearsal, ASKED, actor=SAM_MAY, now=clock.now())
        await bot.tend()
        await bot.tend(minutes=1)
        found = await bot.rehearsals.find()
        assert found is not None
        await found[1].desk.run(_posted)
        running = bot.rehearsals._running
        assert running is not None
        order: list[str] = []
        stop, messages_of = running.stop, running.messages

        async def stopped() -> None:
            order.append("stopped")
            await stop()

        async def read() -> list[PostedMessage]:
            order.append("read")
            return await messages_of()

        running.stop, running.messages = stopped, read  # type: ignore[method-assign]
        await bot.run(stop_rehearsal, actor=MIA_MAY, now=clock.now())
        await bot.tend()
        assert order[:2] == ["stopped", "read"]
        rows = queued(bot.store, "fold_rehearsal_message")
        told = [
            (one["payload"]["message"], one["payload"]["ts"], one["payload"]["is_answered"]) for one in rows
        ]
        assert sorted(told) == [
            ("alert", "4.1", False),
            ("card", "1.1", True),
            ("card", "1.2", False),
            ("flood", "3.1", False),
            ("outage", "2.1", False),
        ]
        assert {one["payload"]["rehearsal_id"] for one in rows} == {started.id}
        situations = {one["payload"]["situation"] for one in rows if one["payload"]["message"] == "card"}
        assert "" not in situations


def _posted(uow: UnitOfWork) -> None:
    """Have everything that has buttons stand in the channel; one of the cards is answered, one not posted."""
    cases = uow.case_search.find([], limit=10)
    for number, case in enumerate(cases[:2], 1):
        uow.cases.record_card_location(case.id, channel=DRILL, ts=f"1.{number}", digest="")
    uow.cases.save(replace(uow.cases.get(cases[0].id), first_replied_at=NOW))
    outage, _ = open_outage(
        uow,
        facts=OutageFacts(title="Payments fail", severity=Severity.MAJOR),
        content=content(),
        policy=OutagePolicy(),
        actor=SAM_MAY,
        now=NOW,
    )
    uow.outages.record_board(outage.id, channel=DRILL, ts="2.1", digest="")
    series = Series(SeriesKind.SITUATION, "cannot_pay")
    spike = Spike(
        series=series,
        since=NOW,
        found_at=NOW,
        window=timedelta(minutes=5),
        count=9,
        expected=1.0,
        log_p=-20.0,
    )
    uow.spikes.add(replace(spike, channel=DRILL, ts="4.1"))
    uow.spikes.add(spike)
    flood = uow.floods.begin(DRILL, now=NOW)
    uow.floods.save_board(flood.id, Board(channel=DRILL, ts="3.1", digest="", edited_at=NOW))


async def test_recorded_posts_come_without_what_tells_of_anybody(fresh_sqlite: str) -> None:
    clock = ManualClock()
    async with a_copy(fresh_sqlite, clock) as bot:
        words = "@acme payment fails, @ben call me: +44 20 7946 0958 or a@b.example https://pay.example/x"
        await bot.run(
            ingest_posts,
            account=ACME,
            profile=PROFILE,
            posts=[a_post("1", words)],
            stream=MENTIONS,
            newest_id="1",
            classifier=a_classifier(),
            now=clock.now(),
        )
        recorded = replace(ASKED, recorded_from=NOW - timedelta(minutes=5))
        await bot.run(start_rehearsal, recorded, actor=SAM_MAY, now=clock.now())
        await bot.tend()
        await bot.tend()
        found = await bot.rehearsals.find()
        assert found is not None
        rehearsal, own = found
        assert rehearsal.posts == 1
        [case] = await own.desk.run(lambda uow: uow.case_search.find([], limit=10))
        [message] = await own.desk.run(lambda uow: uow.messages.of_case(case.id, limit=10))
    assert (case.network, case.author.name) == ("rehearsal", "Customer 1")
    assert message.text == "@acme payment fails, … call me: … or … …"


async def test_nobody_has_to_end_it(database_url: str) -> None:
    clock = ManualClock()
    async with a_copy(database_url, clock) as bot:
        started = await bot.run(start_rehearsal, ASKED, actor=SAM_MAY, now=clock.now())
        await bot.tend()
        await bot.tend(minutes=36)
        ended, _ = await bot.run(view_rehearsal, rehearsal_id=started.id)
        assert ended.end_reason is EndReason.TIME_UP
        assert (ended.score.posts, ended.score.urgent, ended.score.urgent_answered) == (20, 2, 0)


async def test_without_its_database_it_ends_and_says_so(fresh_sqlite: str) -> None:
    clock, url = ManualClock(), fresh_sqlite
    async with a_copy(url, clock) as bot:
        started = await bot.run(start_rehearsal, ASKED, actor=SAM_MAY, now=clock.now())
        await bot.tend()
    await asyncio.to_thread(RehearsalDatabase(url).erase)
    async with a_copy(url, clock) as bot:
        await bot.tend()
        ended, _ = await bot.run(view_rehearsal, rehearsal_id=started.id)
        assert (ended.end_reason, ended.score) == (EndReason.LOST, None)


async def test_what_a_kill_left_behind_is_erased_at_the_next_start(database_url: str) -> None:
    database = RehearsalDatabase(database_url)
    await asyncio.to_thread(database.create)
    async with a_copy(database_url, ManualClock()) as bot:
        await bot.tend()
        assert await asyncio.to_thread(database.open) is None


async def test_a_copy_that_does_not_lead_opens_it_and_feeds_nothing(fresh_postgres: str) -> None:
    clock = ManualClock()
    async with a_copy(fresh_postgres, clock) as leader, a_copy(fresh_postgres, clock, leads=False) as other:
        await leader.run(start_rehearsal, ASKED, actor=SAM_MAY, now=clock.now())
        await other.tend()
        assert await other.rehearsals.find() is None, "it began where it may not"
        await leader.tend()
        await leader.tend()
        await other.tend(minutes=1)
        assert await other.posts() == (1, 1)
        await leader.run(stop_rehearsal, actor=SAM_MAY, now=clock.now() + timedelta(seconds=1))
        await leader.tend()
        await other.tend()
        assert await other.rehearsals.find() is None


async def test_it_ranks_by_what_was_learnt_before_the_bot_was_started(fresh_sqlite: str) -> None:
    clock = ManualClock()
    async with a_copy(fresh_sqlite, clock) as bot:
        answer(bot.store, a_stored_case(bot.store, ODD), a_classifier(), name="late_parcel")
        await bot.run(start_rehearsal, ASKED, actor=SAM_MAY, now=clock.now())
        await bot.tend()
        found = await bot.rehearsals.find()
        assert found is not None
        learnt = found[1].live_classifier.current.search.learnt
        assert set(learnt.similarities(ODD)) == {"late_parcel"}


async def test_a_press_that_is_still_handled_after_the_stop_does_not_open_it_again(fresh_sqlite: str) -> None:
    clock = ManualClock()
    async with a_copy(fresh_sqlite, clock) as bot:
        await bot.run(start_rehearsal, ASKED, actor=SAM_MAY, now=clock.now())
        await bot.tend()
        assert await bot.rehearsals.find() is not None
        await bot.rehearsals.stop()
        assert await bot.rehearsals.find() is None
        assert bot.rehearsals._running is None
