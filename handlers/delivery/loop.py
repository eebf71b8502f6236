"""Run the delivery loop: claim due outbox rows, perform them outside any transaction, settle them."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.clock import Clock
from domain.delivery.decisions import (
    Decision,
    Settle,
    decide,
    decide_after_check,
)
from domain.delivery.effect import Safety
from domain.delivery.effects import Job
from domain.delivery.outcomes import Later, Unknown
from domain.log_context import log_scope
from handlers.delivery.claiming import claim_due, mark_send_started, next_due, recover_expired
from handlers.delivery.clock_guard import ClockGuard
from handlers.delivery.guarded_calls import PERFORM_TIMEOUT, run_guarded
from handlers.delivery.settling import Performer, apply_decision
from handlers.desk import Desk
from storage.errors import LostLease
from storage.outbox_claims import Paces

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
#: Seconds after its claim in which an effect begins. A copy that was frozen for longer leaves it to others.
LATEST_START = LEASE.total_seconds() - PERFORM_TIMEOUT
MAX_IDLE = 1.0  # seconds between polls of the outbox without a wake-up
MIN_IDLE = 0.05  # seconds between polls at least
#: Seconds without a wake-up before a poll, so that a burst of clicks costs one. It delays every click.
DEBOUNCE = 0.05
MAX_DEBOUNCE = 0.5  # seconds that a burst may delay the poll
MAX_POLL_SHARE = 0.1  # of the time: with thousands of rows waiting for their pace, a poll takes milliseconds
MAX_IN_FLIGHT = 64
RECOVER_EVERY = 15.0  # seconds
STOP_TIMEOUT = 10.0  # seconds that `stop` waits for effects in flight
MAX_SILENCE = 60.0  # seconds that a pass may take

#: Told of what was decided after an attempt or a check.
OnDecided = Callable[[Job, Decision], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """The performers by kind of effect, the rate limits, and this worker's name as owner of its leases."""

    performers: Mapping[str, Performer]
    paces: Paces
    owner: str
    on_decided: OnDecided | None = None


class Delivery:
    """The delivery loop. Call `wake` after adding to the outbox, `stop` to finish what is in flight.

    `sole_worker` is true where no other process can deliver from the same database.
    """

    def __init__(self, desk: Desk, dispatcher: Dispatcher, clock: Clock, *, sole_worker: bool) -> None:
        self._desk = desk
        self._dispatcher = dispatcher
        self._clock = clock
        self._sole_worker = sole_worker
        self._clocks = ClockGuard(desk, clock, dispatcher.owner)
        self._wake_event = asyncio.Event()
        self._in_flight: dict[asyncio.Task[None], tuple[Job, float]] = {}  # with when it was claimed
        self._claim_lock = asyncio.Lock()
        self._stopping = False
        self._recovered_at: float | None = None
        self._woken_at = self._passed_at = 0.0

    def wake(self) -> None:
        """Poll the outbox soon, debounced: effects were added."""
        self._woken_at = asyncio.get_running_loop().time()
        self._wake_event.set()

    @property
    def is_alive(self) -> bool:
        """Whether the loop goes round: it began a pass not long ago."""
        return asyncio.get_running_loop().time() - self._passed_at < MAX_SILENCE

    async def run(self) -> None:
        """Deliver until stopped. Unexpected exceptions are logged, and the loop continues."""
        clock = asyncio.get_running_loop().time
        while not self._stopping:
            started, idle, began = 0, MAX_IDLE, clock()
            self._passed_at = began
            try:
                await self._recover()
                started = await self.deliver_due()
                if not started and not self._wake_event.is_set():
                    idle = await self._idle_seconds()
            except Exception:
                log.exception("delivery pass failed; retrying")
            if not started:
                await self._wait(idle, debounce=max(DEBOUNCE, (clock() - began) / MAX_POLL_SHARE))

    async def stop(self) -> None:
        """Stop claiming, wait up to `STOP_TIMEOUT` for effects in flight, settle the rest as interrupted.

        An interrupted effect is queued again where repeating it is safe, else its outcome is unknown.
        """
        self._stopping = True
        self._wake_event.set()
        async with self._claim_lock:
            in_flight = dict(self._in_flight)
        await self.drain(STOP_TIMEOUT)
        for task, (job, _) in in_flight.items():
            if not task.done():
                task.cancel()
                await asyncio.wait([task])
                await self._settle_interrupted(job, "the bot was stopped in the middle of it")

    async def deliver_due(self) -> int:
        """Start the effects that are due, as far as pace and `MAX_IN_FLIGHT` allow.

        Returns how many were started.
        """
        # Cleared even where there is no capacity: a wake-up that stays set would make the loop spin.
        self._wake_event.clear()
        async with self._claim_lock:
            capacity = MAX_IN_FLIGHT - len(self._in_flight)
            may_claim = capacity > 0 and not self._stopping and self._desk.clock_off is None
            return await self._start_due(capacity) if may_claim else 0

    async def _start_due(self, capacity: int) -> int:
        now, claimed_at = self._clock.now(), asyncio.get_running_loop().time()
        jobs = await self._desk.run(
            claim_due,
            now=now,
            lease=LEASE,
            owner=self._dispatcher.owner,
            limit=capacity,
            paces=self._dispatcher.paces,
        )
        unrepeatable = [job for job in jobs if job.effect.safety is Safety.RECONCILE and not job.reconciling]
        if unrepeatable:
            await self._desk.run_durably(mark_send_started, unrepeatable, now=now)
        for job in jobs:
            task = asyncio.create_task(self._deliver(job, claimed_at), name=f"deliver {job.effect.key}")
            self._in_flight[task] = job, claimed_at
            task.add_done_callback(self._on_task_done)
        return len(jobs)

    async def drain(self, seconds: float | None = None) -> None:
        """Wait for the effects in flight, at most `seconds`; without them, for as long as it takes."""
        if self._in_flight:
            await asyncio.wait(list(self._in_flight), timeout=seconds)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._in_flight.pop(task, None)
        self._wake_event.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a delivery could not be settled; its lease will run out", exc_info=error)

    async def _wait(self, idle: float, debounce: float) -> None:
        """Wait for a wake-up, at most `idle` seconds, then debounce it, for `debounce` seconds at least."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake_event.wait(), idle)
        clock = asyncio.get_running_loop().time
        began, wait = clock(), min(debounce, MAX_IDLE)
        while wait > 0 and not self._stopping:
            await asyncio.sleep(wait)
            wait = min(self._woken_at + DEBOUNCE, began + MAX_DEBOUNCE) - clock()

    async def _idle_seconds(self) -> float:
        """Return the seconds until the next row may be claimed, so that a pace is used to the full."""
        if len(self._in_flight) >= MAX_IN_FLIGHT:
            return MAX_IDLE
        now = self._clock.now()
        due = await self._desk.run(next_due, now=now)
        return MAX_IDLE if due is None else min(max((due - now).total_seconds(), MIN_IDLE), MAX_IDLE)

    async def _deliver(self, job: Job, claimed_at: float) -> None:
        if asyncio.get_running_loop().time() - claimed_at > LATEST_START:
            return
        with log_scope(case_id=job.effect.case):
            await self._perform(job)

    async def _perform(self, job: Job) -> None:
        performer = self._dispatcher.performers[job.effect.kind]
        if job.reconciling:
            finding = await run_guarded(job, performer.find(job), Later)
            await self._apply_decision(job, decide_after_check(job, finding, self._clock.now()))
        else:
            outcome = await run_guarded(job, performer.perform(job), Unknown)
            await self._apply_decision(job, decide(job, outcome, self._clock.now()))

    async def _settle_interrupted(self, job: Job, reason: str) -> None:
        now = self._clock.now()
        await self._apply_decision(
            job,
            decide_after_check(job, Later(reason), now)
            if job.reconciling
            else decide(job, Unknown(reason), now),
        )

    async def _apply_decision(self, job: Job, decision: Decision) -> None:
        if not isinstance(decision, Settle):
            log.info("%s: %s", job.effect.key, decision)
        performer = self._dispatcher.performers[job.effect.kind]
        try:
            await self._desk.run(apply_decision, job, decision, performer=performer, now=self._clock.now())
        except LostLease as error:
            log.info("lease lost: %s", error)
            return
        if self._dispatcher.on_decided is not None:
            self._dispatcher.on_decided(job, decision)

    async def _recover(self) -> None:
        """Recover rows whose lease expired, because their worker died; end waits of a clock set back since.

        A sole worker recovers all leased rows at its start, whatever their lease: they were its own before a
        restart.
        """
        now, seconds = self._clock.now(), asyncio.get_running_loop().time()
        if self._recovered_at is not None and seconds - self._recovered_at < RECOVER_EVERY:
            return
        expired_by = now + LEASE if self._sole_worker and self._recovered_at is None else now
        self._recovered_at = seconds
        if await self._clocks.stands_back():
            return
        # A clock that is set forward, or a machine that slept, ends no lease of what is being performed here.
        latest = seconds - LEASE.total_seconds()
        kept = [job.id for job, claimed_at in self._in_flight.values() if claimed_at > latest]
        for job in await self._desk.run(
            recover_expired, expired_by=expired_by, lease=LEASE, now=now, kept=kept
        ):
            await self._settle_interrupted(job, "the bot was interrupted in the middle of it")
