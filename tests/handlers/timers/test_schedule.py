"""Run timers only in the leading process; a stop lets a running timer finish."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Self

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest
from sqlalchemy import select, update

from bot import SystemClock
from handlers.desk import Desk
from handlers.timers import schedule as schedules
from handlers.timers.maintenance import maintenance_timers
from handlers.timers.schedule import Schedule, Timer
from storage.engine import Store
from storage.tables import cases as table
from tests.handlers.context import a_context
from tests.handlers.made import PAYMENT, a_post, arrive, case_of, cases


@dataclass
class BlockingReader:
    """A reader that blocks until it is `released`."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    ended: list[str] = field(default_factory=list)
    failures: int = 0

    async def read(self, stream: str) -> None:
        self.begun.set()
        await self.released.wait()
        if self.failures:
            self.failures -= 1
            raise RuntimeError(stream)
        self.ended.append(stream)

    async def alert_if_quiet(self) -> None:
        self.ended.append("watched")


def a_schedule(desk: Desk, reader: BlockingReader, leads: Callable[[], bool]) -> Schedule:
    quick = timedelta(seconds=0.05)
    timers = [
        Timer("read mentions", quick, partial(reader.read, "mentions")),
        Timer("watch for silence", timedelta(minutes=1), reader.alert_if_quiet),
        *maintenance_timers(a_context(desk, clock=SystemClock())),
    ]
    return Schedule(timers, desk=desk, clock=SystemClock(), leads=leads)


async def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_only_the_leading_copy_runs_timers(desk: Desk) -> None:
    asked: list[bool] = []
    leading = False

    def leads() -> bool:
        asked.append(leading)
        return leading

    reader = BlockingReader()
    reader.released.set()
    schedule = a_schedule(desk, reader, leads)
    schedule.start()
    # By then each of the six timers has run, and the reader several times.
    await until(lambda: len(asked) >= 14)
    assert reader.ended == []
    leading = True
    await until(lambda: "mentions" in reader.ended)
    await schedule.stop()


async def test_a_clock_that_is_set_back_stops_no_timer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "OVERDUE_AFTER", 0.1)
    monkeypatch.setattr(schedules, "WATCH_EVERY", 0.05)
    runs, back = [0], [timedelta()]

    class Wall(datetime):
        """The system's clock as APScheduler reads it."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) - back[0]

    async def run() -> None:
        runs[0] += 1

    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval):
        monkeypatch.setattr(module, "datetime", Wall)
    timer = Timer("read", timedelta(seconds=0.05), run)
    schedule = Schedule([timer], desk=desk, clock=SystemClock(), leads=lambda: True)
    schedule.start()
    await until(lambda: runs[0] > 1)
    back[0] = timedelta(hours=2)
    before = runs[0]
    await until(lambda: runs[0] > before + 3)
    await schedule.stop()


async def test_a_timer_that_is_slow_puts_off_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "OVERDUE_AFTER", 0.1)
    monkeypatch.setattr(schedules, "WATCH_EVERY", 0.05)
    slow, seldom = BlockingReader(), [0]

    async def run() -> None:
        seldom[0] += 1

    timers = [
        Timer("read mentions", timedelta(seconds=0.05), partial(slow.read, "mentions")),
        Timer("erase what has expired", timedelta(seconds=0.4), run),
    ]
    schedule = Schedule(timers, desk=desk, clock=SystemClock(), leads=lambda: True)
    schedule.start()
    await until(lambda: seldom[0] > 1)
    assert slow.ended == []
    slow.released.set()
    await schedule.stop()


async def test_what_is_kept_in_memory_is_read_in_every_copy(desk: Desk) -> None:
    reader = BlockingReader()
    reader.released.set()
    timers = [
        Timer("read articles", timedelta(minutes=1), partial(reader.read, "articles"), in_every_copy=True),
        Timer("watch for silence", timedelta(minutes=1), reader.alert_if_quiet),
    ]
    schedule = Schedule(timers, desk=desk, clock=SystemClock(), leads=lambda: False)
    schedule.start()
    await asyncio.wait_for(reader.begun.wait(), 20)
    await schedule.stop()
    assert reader.ended == ["articles"]


async def test_a_start_reranks_cases_of_other_rules(store: Store, desk: Desk) -> None:
    arrive(store, a_post(text=PAYMENT))
    [case] = cases(store)
    with store.engine.begin() as connection:
        connection.execute(update(table).values(sort_key=1.0, ranking_fingerprint="others"))
    reader = BlockingReader()
    reader.released.set()
    schedule = a_schedule(desk, reader, lambda: True)
    schedule.start()

    def stored() -> float:
        with store.engine.connect() as connection:
            return float(connection.scalar(select(table.c.sort_key)) or 0)

    await until(lambda: stored() == case.sort_key)
    await schedule.stop()
    assert case_of(store, case.id).version == case.version


async def test_a_stop_waits_for_a_running_timer_and_starts_no_other(desk: Desk) -> None:
    reader = BlockingReader()
    schedule = a_schedule(desk, reader, lambda: True)
    schedule.start()
    await reader.begun.wait()
    stopping = asyncio.create_task(schedule.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    reader.released.set()
    await stopping
    assert reader.ended.count("mentions") == 1


async def test_a_schedule_that_never_started_can_be_stopped(desk: Desk) -> None:
    reader = BlockingReader()
    schedule = a_schedule(desk, reader, lambda: True)
    await schedule.stop()
    await asyncio.sleep(0)
    assert not reader.begun.is_set()
    assert reader.ended == []


async def test_a_timer_that_fails_runs_again(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    reader = BlockingReader(failures=1)
    reader.released.set()
    schedule = a_schedule(desk, reader, lambda: True)
    schedule.start()
    await until(lambda: "mentions" in reader.ended)
    await schedule.stop()
    assert "the timer to read mentions failed" in caplog.text
