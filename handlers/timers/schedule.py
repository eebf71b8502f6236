"""Run timers: what happens by itself, and how often. The clock is APScheduler's; whatever must not be lost is in the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from domain.clock import Clock
from handlers.desk import Desk

log = logging.getLogger(__name__)

GRACE = 30.0  # seconds that a stop waits for what is under way

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Timer:
    """Work that is done every so often; `name` is unique in a schedule."""

    name: str
    every: timedelta
    work: Work


class Schedule:
    """Runs timers in the one copy of the bot that leads: `leads` is asked before each run, on the storage's threads."""

    def __init__(
        self, timers: Sequence[Timer], *, desk: Desk, clock: Clock, leads: Callable[[], bool]
    ) -> None:
        self.timers = tuple(timers)
        self._desk = desk
        self._leads = leads
        self._under_way: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for timer in self.timers:
            self._scheduler.add_job(
                self._run_shielded,
                "interval",
                args=(timer,),
                seconds=timer.every.total_seconds(),
                next_run_time=clock.now(),
                id=timer.name,
            )

    def start(self) -> None:
        """Begin; every timer's first run is at once."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin nothing more, and let what is under way finish: APScheduler's own shutdown would cancel it.

        Does nothing where it was never started.
        """
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE)
        self._scheduler.shutdown(wait=False)

    async def _run_shielded(self, timer: Timer) -> None:
        run = asyncio.create_task(self._run(timer), name=timer.name)
        self._under_way.add(run)
        run.add_done_callback(self._under_way.discard)
        await asyncio.shield(run)

    async def _run(self, timer: Timer) -> None:
        try:
            if await self._desk.ask(self._leads):
                await timer.work()
        except Exception:
            log.exception("the timer to %s failed; it goes on with its next run", timer.name)
