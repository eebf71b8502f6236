"""Delivery: claim what is due in the outbox, perform it with no transaction open, settle it."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from domain.clock import Clock
from domain.delivery.decisions import Decision, GiveUp, MarkUnsure, Postpone, Settle, decide, decide_found
from domain.delivery.effects import Job, Safety
from domain.delivery.outcomes import Failed, Finding, Later, Outcome, Unknown
from domain.delivery.pacing import Pace
from handlers.desk import Desk
from storage.errors import LostLease
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
T = TypeVar("T")

#: The pace of a destination; `None` where nothing limits it.
Paces = Callable[[str], Pace | None]

LEASE = timedelta(seconds=90)
PERFORM_AT_MOST = 60.0  # seconds; well within the lease
IDLE_AT_MOST = 1.0  # seconds between looks at the outbox when nothing wakes us
LOOK_AGAIN = 0.05  # seconds between looks at least
GATHER = 0.05  # seconds without a new act before the look, so that a burst of clicks costs one: it keeps clicks waiting
GATHER_AT_MOST = 0.5  # seconds that a burst may keep us from looking
LOOKING_AT_MOST = 0.1  # of the time: where thousands of acts wait for their turn, a look takes milliseconds
UNDER_WAY_AT_MOST = 64
RECOVER_EVERY = timedelta(seconds=15)
GRACE = 10.0  # seconds that a stop waits for what is under way


class Performer(Protocol):
    """Knows one kind of effect: how to perform it, how to find it on the other side, and what follows in our own books.

    All but the first two run inside the transaction that settles the row.
    """

    async def perform(self, job: Job) -> Outcome:
        """Do it."""
        ...

    async def find(self, job: Job) -> Finding:
        """Look whether an earlier try of it is on the other side."""
        ...

    def done(self, uow: UnitOfWork, job: Job, result: Mapping[str, object], now: datetime) -> None:
        """It happened."""
        ...

    def failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        """It will not happen."""
        ...

    def unsure(self, uow: UnitOfWork, job: Job, hold: MarkUnsure, now: datetime) -> None:
        """It is not known whether it happened, and somebody should hear of it."""
        ...

    def again(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        """It was not known whether it happened; it did not, and is tried again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """What delivery needs: who performs what, and how fast each destination may be used."""

    performers: Mapping[str, Performer]
    paces: Paces
    owner: str


class Delivery:
    """The loop. `wake` it when something was put into the outbox; `stop` it to finish what is under way."""

    def __init__(self, desk: Desk, courier: Dispatcher, clock: Clock, *, alone: bool) -> None:
        self._desk = desk
        self._courier = courier
        self._clock = clock
        self._alone = alone
        self._woken = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], Job] = {}
        self._taking = asyncio.Lock()
        self._stopping = False
        self._recovered_at: datetime | None = None
        self._asked_at = 0.0

    def wake(self) -> None:
        """Look at the outbox soon: something was put into it."""
        self._asked_at = asyncio.get_running_loop().time()
        self._woken.set()

    async def run(self) -> None:
        """Deliver until stopped. A fault of ours is logged and the loop goes on."""
        clock = asyncio.get_running_loop().time
        while not self._stopping:
            taken, idle, began = 0, IDLE_AT_MOST, clock()
            try:
                await self._recover()
                taken = await self.deliver_due()
                if not taken and not self._woken.is_set():
                    idle = await self._idle_seconds()
            except Exception:
                log.exception("delivery stumbled; it goes on in a moment")
            if not taken:
                await self._rest(idle, gather=max(GATHER, (clock() - began) / LOOKING_AT_MOST))

    async def stop(self) -> None:
        """Take no more, give what is under way some time, and leave the rest marked as unsure."""
        self._stopping = True
        self._woken.set()
        async with self._taking:
            under_way = dict(self._under_way)
        if under_way:
            await asyncio.wait(under_way, timeout=GRACE)
        for task, job in under_way.items():
            if not task.done():
                task.cancel()
                await asyncio.wait([task])
                await self._interrupted(job, "the bot was stopped in the middle of it")

    async def deliver_due(self) -> int:
        """Start whatever is due and allowed; says how many were started."""
        # Cleared even where there is no room: a wake that nobody takes would have the loop turn without rest.
        self._woken.clear()
        async with self._taking:
            room = UNDER_WAY_AT_MOST - len(self._under_way)
            return await self._take(room) if room > 0 and not self._stopping else 0

    async def _take(self, room: int) -> int:
        now = self._clock.now()
        jobs = await self._desk.run(
            _claim, now=now, owner=self._courier.owner, limit=room, paces=self._courier.paces
        )
        leaving = [job for job in jobs if job.effect.safety is Safety.RECONCILE and not job.reconciling]
        if leaving:
            await self._desk.run_durably(_depart, leaving, now=now)
        for job in jobs:
            task = asyncio.create_task(self._deliver(job), name=f"deliver {job.effect.key}")
            self._under_way[task] = job
            task.add_done_callback(self._finished)
        return len(jobs)

    async def drain(self) -> None:
        """Wait for what is under way now."""
        if self._under_way:
            await asyncio.wait(list(self._under_way))

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task, None)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a delivery could not be settled; its lease will run out", exc_info=error)

    async def _rest(self, idle: float, gather: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), idle)
        clock = asyncio.get_running_loop().time
        began, wait = clock(), min(gather, IDLE_AT_MOST)
        while wait > 0 and not self._stopping:
            await asyncio.sleep(wait)
            wait = min(self._asked_at + GATHER, began + GATHER_AT_MOST) - clock()

    async def _idle_seconds(self) -> float:
        """Until the next act may go, so that no moment of a destination's pace is missed."""
        if len(self._under_way) >= UNDER_WAY_AT_MOST:
            return IDLE_AT_MOST
        now = self._clock.now()
        due = await self._desk.run(_next_due, now=now)
        return (
            IDLE_AT_MOST if due is None else min(max((due - now).total_seconds(), LOOK_AGAIN), IDLE_AT_MOST)
        )

    async def _deliver(self, job: Job) -> None:
        performer = self._courier.performers[job.effect.kind]
        if job.reconciling:
            finding = await _guarded(job, performer.find(job), Later)
            await self._book(job, decide_found(job, finding, self._clock.now()))
        else:
            outcome = await _guarded(job, performer.perform(job), Unknown)
            await self._book(job, decide(job, outcome, self._clock.now()))

    async def _interrupted(self, job: Job, reason: str) -> None:
        now = self._clock.now()
        await self._book(
            job,
            decide_found(job, Later(reason), now) if job.reconciling else decide(job, Unknown(reason), now),
        )

    async def _book(self, job: Job, decision: Decision) -> None:
        if not isinstance(decision, Settle):
            log.info("%s: %s", job.effect.key, decision)
        performer = self._courier.performers[job.effect.kind]
        try:
            await self._desk.run(_book, job, decision, performer=performer, now=self._clock.now())
        except LostLease as error:
            log.info("too late to say: %s", error)

    async def _recover(self) -> None:
        """Take back what a copy that died had under way: its lease has run out.

        Where no other copy can be at work, whatever was under way when we start is nobody's, and there is no need to wait.
        """
        now = self._clock.now()
        if self._recovered_at is not None and now - self._recovered_at < RECOVER_EVERY:
            return
        orphaned = now + LEASE if self._alone and self._recovered_at is None else now
        self._recovered_at = now
        for job in await self._desk.run(_take_back, now=orphaned):
            await self._interrupted(job, "the bot was interrupted in the middle of it")


async def _guarded(job: Job, act: Awaitable[T], otherwise: Callable[[str], T]) -> T:
    """What `act` came to, or `otherwise` with the reason where it took too long or failed in an unforeseen way."""
    try:
        async with asyncio.timeout(PERFORM_AT_MOST):
            return await act
    except TimeoutError:
        return otherwise(f"no answer within {PERFORM_AT_MOST:.0f} s")
    except Exception as error:
        log.exception("%s met an unforeseen fault", job.effect.key)
        return otherwise(f"an unforeseen fault of ours ({type(error).__name__})")


def _claim(uow: UnitOfWork, *, now: datetime, owner: str, limit: int, paces: Paces) -> list[Job]:
    return uow.outbox.claim(now=now, lease=LEASE, owner=owner, limit=limit, paces=paces)


def _next_due(uow: UnitOfWork, *, now: datetime) -> datetime | None:
    return uow.outbox.next_due(now)


def _depart(uow: UnitOfWork, jobs: Sequence[Job], *, now: datetime) -> None:
    uow.outbox.depart(jobs, now=now)


def _take_back(uow: UnitOfWork, *, now: datetime) -> list[Job]:
    return uow.outbox.recover(now=now)


def _book(uow: UnitOfWork, job: Job, decision: Decision, *, performer: Performer, now: datetime) -> None:
    """Settle the row and let its consequences follow, in one transaction.

    The case is held before the row is: in that order, like everybody who changes a case and then puts its acts into the outbox. And so
    nobody can be quicker: what happened outside must be told in our books.
    """
    if job.effect.case is not None:
        uow.cases.lock([job.effect.case])
    match decision:
        case Settle(result):
            uow.outbox.settle(job, now=now, result=result)
            performer.done(uow, job, result, now)
        case GiveUp(failure):
            uow.outbox.fail(job, now=now, reason=failure.reason)
            performer.failed(uow, job, failure, now)
        case MarkUnsure(due, reason, answered):
            uow.outbox.mark_unsure(job, due=due, reason=reason, answered=answered)
            if decision.tell:
                performer.unsure(uow, job, decision, now)
        case Postpone(due, reason, counts, pause):
            uow.outbox.postpone(job, due=due, reason=reason, counts=counts)
            if job.reconciling:
                performer.again(uow, job, now)
            if pause:
                uow.outbox.pause(job.effect.destination, until=due)
