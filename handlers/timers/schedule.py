"""Run periodic timers with APScheduler, most of them in the leading copy of the bot only.

Nothing is persisted by the scheduler: state that must not be lost is in the database.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from domain.clock import Clock
from handlers.desk import Desk
from storage.errors import LostLeadership

log = logging.getLogger(__name__)

STOP_TIMEOUT = 30.0  # seconds that `stop` waits for running timers
OVERDUE_AFTER = 5.0  # seconds by which the next timer may be late before the clock counts as set back
WATCH_EVERY = 1.0  # seconds
MAX_RUN = 1800.0  # seconds that a run may take: training takes minutes
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
        self._runs: dict[str, float] = {}
        self._watch: asyncio.Task[None] | None = None
        self._shortest = min((timer.every.total_seconds() for timer in self.timers), default=0.0)
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
        return not self.timers or self._silence() < 3 * self._shortest + MAX_SILENCE

    def stuck(self) -> str:
        """Return the name of a timer whose run takes far too long; empty where there is none."""
        seconds = asyncio.get_running_loop().time()
        return next((name for name, began in self._runs.items() if seconds - began > MAX_RUN), "")

    def start(self) -> None:
        """Start the timers; the first run of each is immediate."""
        self._began_at = asyncio.get_running_loop().time()
        self._scheduler.start()
        if self.timers:
            self._watch = asyncio.create_task(self._watch_clock(), name="watch the clock")

    async def stop(self) -> None:
        """Start no further runs, and wait up to `STOP_TIMEOUT` for the running ones.

        APScheduler's own shutdown would cancel those. Does nothing if the schedule was never started.
        """
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._watch is not None:
            self._watch.cancel()
        if self._running_tasks:
            await asyncio.wait(self._running_tasks, timeout=STOP_TIMEOUT)
        self._scheduler.shutdown(wait=False)

    def _silence(self) -> float:
        """Return the seconds since a timer's run began."""
        return asyncio.get_running_loop().time() - self._began_at

    async def _watch_clock(self) -> None:
        """Count intervals anew where no timer is run although the shortest interval is over.

        APScheduler keeps the next runs as times of day: where the clock is set back by two hours, it would
        wait two hours. Where the timers are merely slow, no run is put off: one that is a day away would
        otherwise never come.
        """
        while True:
            await asyncio.sleep(WATCH_EVERY)
            if self._silence() < self._shortest + OVERDUE_AFTER:
                continue
            self._began_at = asyncio.get_running_loop().time()
            for timer in self.timers:
                anew = IntervalTrigger(seconds=timer.every.total_seconds(), timezone="UTC")
                if self._scheduler.get_job(timer.name).next_run_time > anew.start_date:
                    self._scheduler.reschedule_job(timer.name, trigger=anew)

    async def _run_shielded(self, timer: Timer) -> None:
        self._began_at = asyncio.get_running_loop().time()
        run = asyncio.create_task(self._run(timer), name=timer.name)
        self._running_tasks.add(run)
        self._runs[timer.name] = self._began_at
        run.add_done_callback(partial(self._on_run_done, timer.name))
        await asyncio.shield(run)

    def _on_run_done(self, name: str, run: asyncio.Task[None]) -> None:
        self._running_tasks.discard(run)
        self._runs.pop(name, None)

    async def _run(self, timer: Timer) -> None:
        try:
            if timer.in_every_copy:
                await timer.callback()
            elif await self._desk.run_in_pool(self._leads):
                with self._desk.as_leader():
                    await timer.callback()
        except LostLeadership as error:
            log.warning("the timer to %s wrote nothing: %s", timer.name, error)
        except Exception:
            log.exception("the timer to %s failed; it goes on with its next run", timer.name)
