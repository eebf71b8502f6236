"""Run periodic timers with APScheduler, most of them in the leading copy of the bot only.

Nothing is persisted by the scheduler: state that must not be lost is in the database.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from domain.clock import Clock
from handlers.desk import Desk

log = logging.getLogger(__name__)

STOP_TIMEOUT = 30.0  # seconds that `stop` waits for running timers
MAX_SILENCE = 60.0  # seconds without any timer's run, besides three of the shortest interval

Callback = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Timer:
    """A callback that runs at an interval; `name` is unique in a schedule.

    `in_every_copy`: it keeps something in memory, so it runs in the copies that do not lead, too.
    """

    name: str
    every: timedelta
    callback: Callback
    in_every_copy: bool = False


class Schedule:
    """Runs timers in the one copy of the bot that leads, and some in every copy.

    `leads` is called before each run, on the store's threads. Runs of one timer do not overlap: those that
    are missed meanwhile are coalesced into one.
    """

    def __init__(
        self, timers: Sequence[Timer], *, desk: Desk, clock: Clock, leads: Callable[[], bool]
    ) -> None:
        self.timers = tuple(timers)
        self._desk = desk
        self._leads = leads
        self._running_tasks: set[asyncio.Task[None]] = set()
        self._began_at = 0.0
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

    @property
    def is_alive(self) -> bool:
        """Whether timers are run: the scheduler is started, and a run began not long ago."""
        if not self._scheduler.running:
            return False
        shortest = min((timer.every.total_seconds() for timer in self.timers), default=0.0)
        silence = asyncio.get_running_loop().time() - self._began_at
        return not self.timers or silence < 3 * shortest + MAX_SILENCE

    def start(self) -> None:
        """Start the timers; the first run of each is immediate."""
        self._began_at = asyncio.get_running_loop().time()
        self._scheduler.start()

    async def stop(self) -> None:
        """Start no further runs, and wait up to `STOP_TIMEOUT` for the running ones.

        APScheduler's own shutdown would cancel those. Does nothing if the schedule was never started.
        """
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._running_tasks:
            await asyncio.wait(self._running_tasks, timeout=STOP_TIMEOUT)
        self._scheduler.shutdown(wait=False)

    async def _run_shielded(self, timer: Timer) -> None:
        self._began_at = asyncio.get_running_loop().time()
        run = asyncio.create_task(self._run(timer), name=timer.name)
        self._running_tasks.add(run)
        run.add_done_callback(self._running_tasks.discard)
        await asyncio.shield(run)

    async def _run(self, timer: Timer) -> None:
        try:
            if timer.in_every_copy or await self._desk.run_in_pool(self._leads):
                await timer.callback()
        except Exception:
            log.exception("the timer to %s failed; it goes on with its next run", timer.name)
