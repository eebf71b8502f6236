"""Read what works: each dependency of this copy, and the progress of what the copies do together."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from domain.clock import Clock
from domain.operations.figures import OperationsFigures
from domain.operations.health import (
    CLOCK,
    CLOCKS,
    DATABASE,
    DISK,
    LEADER,
    MIN_FREE_BYTES,
    START,
    STEP_REPORTED_FOR,
    HealthReport,
)
from domain.operations.storage_faults import StorageUnavailable
from handlers.desk import Desk
from handlers.operations.figures import read_figures

DATABASE_TIMEOUT = 5.0  # seconds until a database that does not answer counts as unreachable
#: By how much the clock must lag behind the time that has passed to count as set back.
MIN_STEP = timedelta(minutes=1)


class Running(Protocol):
    """A bot that was started."""

    async def parts(self) -> Mapping[str, bool | str]:
        """Return by name whether each part that must never end by itself works, or why it does not."""
        ...

    def heard_seconds(self) -> float | None:
        """Return how long ago Slack's socket last said anything; `None` where there is none."""
        ...

    async def reconnect(self) -> None:
        """Open Slack's socket anew."""
        ...


@dataclass(slots=True)
class ClockWatch:
    """Notices that the clock was set back, by comparing it with the time that has passed."""

    clock: Clock
    _seen: tuple[datetime, float] | None = None
    _step: tuple[timedelta, float] | None = None

    def step(self) -> timedelta | None:
        """Return by how much the clock was set back not long ago."""
        now, seconds = self.clock.now(), asyncio.get_running_loop().time()
        if self._seen is not None:
            back = self._seen[0] + timedelta(seconds=seconds - self._seen[1]) - now
            if back > MIN_STEP:
                self._step = back, seconds
        self._seen = now, seconds
        if self._step is None or seconds - self._step[1] > STEP_REPORTED_FOR.total_seconds():
            return None
        return self._step[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Reads the health of one copy.

    `accounts` are ours, by network and id, `intervals` as in `HealthReport`. `schema_fault` returns why the
    database cannot be used. `running` returns `None` until the bot was started.
    """

    desk: Desk
    clock: Clock
    accounts: Collection[tuple[str, str]]
    schema_fault: Callable[[], str | None]
    running: Callable[[], Running | None]
    intervals: Mapping[str, timedelta] = field(default_factory=dict)
    database_timeout: float = DATABASE_TIMEOUT
    clock_watch: ClockWatch = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "clock_watch", ClockWatch(self.clock))

    async def read_health(self) -> HealthReport:
        """Read what works."""
        failed, figures, running = await self.failed_parts(), None, self.running()
        if DATABASE not in failed:
            figures = await self.figures()
            if figures is None:
                failed[DATABASE] = "no answer"
            elif not figures.is_led:
                failed[LEADER] = "no copy reads or runs timers"
        free = self.desk.free_bytes()
        if free is not None and free < MIN_FREE_BYTES:
            failed[DISK] = f"{free // 1_000_000} MB are left"
        if (step := self.clock_watch.step()) is not None:
            failed[CLOCK] = f"set back by {step.total_seconds():.0f} s"
        if (off := self.desk.clock_off) is not None:
            failed[CLOCKS] = (
                f"{abs(off.total_seconds()):.0f} s {'ahead of' if off > timedelta(0) else 'behind'}"
            )
        return HealthReport(
            at=self.clock.now(),
            failed=failed,
            figures=figures,
            heard_seconds=running.heard_seconds() if running is not None else None,
            free_bytes=free,
            intervals=self.intervals,
        )

    async def failed_parts(self) -> dict[str, str]:
        """Return the parts of this copy, and the database, that do not work, each with the reason."""
        running = self.running()
        parts: Mapping[str, bool | str] = {START: False} if running is None else await running.parts()
        failed = {name: works or "not running" for name, works in parts.items() if works is not True}
        if (fault := await self._database_fault()) is not None:
            failed[DATABASE] = fault
        return failed

    async def reconnect(self) -> None:
        """Open Slack's socket anew."""
        if (running := self.running()) is not None:
            await running.reconnect()

    def seconds(self) -> float:
        """Return the time that has passed, by a clock that is never set back."""
        return asyncio.get_running_loop().time()

    async def figures(self) -> OperationsFigures | None:
        """Read the figures; `None` where the database does not give them."""
        try:
            async with asyncio.timeout(self.database_timeout):
                return await self.desk.run(read_figures, accounts=self.accounts, now=self.clock.now())
        except (TimeoutError, StorageUnavailable):
            return None

    async def _database_fault(self) -> str | None:
        fault = self.desk.file_fault() or self.desk.storage.fault
        if fault is not None:
            return fault.value
        try:
            async with asyncio.timeout(self.database_timeout):
                return await self.desk.run_in_pool(self.schema_fault)
        except TimeoutError:
            return "no answer"
