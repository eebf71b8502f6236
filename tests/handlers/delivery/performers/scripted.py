"""A manual clock, and a performer with scripted outcomes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.clock import Clock
from domain.delivery.decisions import MarkUnsure, Postpone
from domain.delivery.effects import EFFECTS, Job
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Outcome
from domain.delivery.pacing import Pace
from handlers.context import AppContext
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers import performers
from handlers.desk import Desk
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import NOW


@dataclass
class ManualClock:
    """A clock that moves only by `advance`; `reads` counts how often it was read."""

    moment: datetime = NOW
    reads: int = 0

    def now(self) -> datetime:
        self.reads += 1
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class ScriptedPerformer:
    """A performer of any effect.

    It returns (or raises) `outcomes` and `findings` in order, then success and `Absent`; `act` replaces
    `outcomes`. Calls are kept in `performed`, `lookups` and `recorded`.
    """

    outcomes: list[Outcome | Exception] = field(default_factory=list)
    findings: list[Finding | Exception] = field(default_factory=list)
    act: Callable[[Job], Awaitable[Outcome]] | None = None
    performed: list[str] = field(default_factory=list)
    lookups: list[str] = field(default_factory=list)
    recorded: list[tuple[str, object]] = field(default_factory=list)
    on_record: Callable[[UnitOfWork, Job], None] = lambda _uow, _job: None

    async def perform(self, job: Job) -> Outcome:
        self.performed.append(job.effect.key)
        if self.act is not None:
            return await self.act(job)
        answer = self.outcomes.pop(0) if self.outcomes else Done({})
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def find(self, job: Job) -> Finding:
        self.lookups.append(job.effect.key)
        answer = self.findings.pop(0) if self.findings else Absent()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, object], now: datetime) -> None:
        self._note("done", dict(result), uow, job, now)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        self._note("failed", failure.reason, uow, job, now)

    def on_unsure(self, uow: UnitOfWork, job: Job, decision: MarkUnsure, now: datetime) -> None:
        self._note("unsure", decision.reason, uow, job, now)

    def on_retry(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        self._note("again", None, uow, job, now)

    def on_postponed(self, uow: UnitOfWork, job: Job, decision: Postpone, now: datetime) -> None:
        self._note("postponed", decision.reason, uow, job, now)

    def _note(self, what: str, said: object, uow: UnitOfWork, job: Job, now: datetime) -> None:
        assert now.tzinfo is not None
        self.on_record(uow, job)
        self.recorded.append((what, said))


def unpaced(_destination: str) -> Pace | None:
    """Return no rate limit for any destination."""
    return None


def a_delivery_loop(
    desk: Desk, script: ScriptedPerformer, clock: Clock, *, sole_worker: bool = False, owner: str = "me"
) -> Delivery:
    """Build a delivery loop whose every effect is performed by the script."""
    dispatcher = Dispatcher(performers=dict.fromkeys(EFFECTS, script), paces=unpaced, owner=owner)
    return Delivery(desk, dispatcher, clock, sole_worker=sole_worker)


async def turn(delivery: Delivery) -> int:
    """Deliver what is due and wait for the results; return how many were started."""
    started = await delivery.deliver_due()
    await delivery.drain()
    return started


async def deliver(ctx: AppContext, most: int = 20) -> None:
    """Deliver by the real performers, as a copy of the bot that has just started; for `most` minutes."""
    dispatcher = Dispatcher(performers=performers(ctx), paces=unpaced, owner="me")
    delivery = Delivery(ctx.desk, dispatcher, ctx.clock, sole_worker=False)
    clock: Any = ctx.clock
    for _ in range(most):
        await turn(delivery)
        clock.advance(seconds=60)
