"""Watch the health: alert on-call once for each fault, and stop where going on would lose data."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.alive import ping_alive_url
from adapters.slack.ephemerals import render_alert
from adapters.slack.health_wording import recovery, troubles
from domain.delivery.outcomes import Done, Failed, Unknown
from domain.operations.health import CLOCK, DATABASE, SHARED, SLACK, START
from domain.operations.storage_faults import StorageFault, StorageUnavailable
from handlers.context import AppContext
from handlers.health import Health
from handlers.operations.marks import database_id, try_to_write
from handlers.timers.schedule import Timer

log = logging.getLogger(__name__)

WATCH_EVERY = timedelta(seconds=10)
#: Checks in a row that a part must fail before on-call is alerted: a socket reconnects within seconds.
PATIENCE = 3
CALL_EVERY = timedelta(minutes=1)


@dataclass(kw_only=True)
class HealthWatch:
    """Looks at the health of this copy.

    `owner` names this copy. `alive_url` is called while all is well, `None` for nobody. `on_lost` is called
    with the text for the operator where the database's file is no longer ours.
    """

    ctx: AppContext
    health: Health
    owner: str
    alive_url: str | None
    on_lost: Callable[[str], None]
    _database: str | None = None
    _looks: dict[str, int] = field(default_factory=dict)
    _alerted: set[str] = field(default_factory=set)
    _logged: set[str] = field(default_factory=set)
    _called_at: float = float("-inf")
    _is_leader: bool = False

    def timers(self) -> list[Timer]:
        """Return the timer that looks."""
        return [Timer("watch what works", WATCH_EVERY, self.look, in_every_copy=True)]

    async def look(self) -> None:
        """Look once."""
        lost = await self._try_database()
        report = await self.health.read_health()
        found = troubles(report)
        for part, text in found.items():
            self._looks[part] = self._looks.get(part, 0) + 1
            is_due = self._looks[part] >= PATIENCE or lost is not None or part == CLOCK
            if part not in self._alerted and part != START and is_due and self._alerts_for(part):
                await self._alert(part, text)
        # What another fault already tells, as a full database does of its disk, has not ended.
        for part in [one for one in self._looks if one not in found and one not in report.failed]:
            del self._looks[part]
            await self._alert_recovery(part)
        if lost is not None:
            self.on_lost(found[DATABASE])
        elif SLACK in found:
            await self.health.reconnect()
        if report.is_ok and not found and not report.unread_streams():
            await self._call()

    async def _try_database(self) -> StorageFault | None:
        """Compare the database with that of the first look; return why it is lost.

        Where it could not be used, try to write to it: while it works, others write.
        """
        desk, now = self.ctx.desk, self.ctx.clock.now()
        if (fault := desk.file_fault()) is not None and fault.is_final:
            desk.storage.note(fault)
            return fault
        try:
            async with asyncio.timeout(self.health.database_timeout):
                if desk.storage.fault is not None:
                    await desk.run(try_to_write, by=self.owner, now=now)
                    desk.storage.clear()
                database = await desk.run(database_id, now=now)
        except (StorageUnavailable, TimeoutError):
            return None
        if self._database not in (None, database):
            desk.storage.note(StorageFault.REPLACED)
            return StorageFault.REPLACED
        self._database = database
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.health.database_timeout):
                self._is_leader = await desk.run_in_pool(desk.leads)
        return None

    def _alerts_for(self, part: str) -> bool:
        """Whether this copy tells of a part: of what all share, the one that led when it last worked."""
        return part not in SHARED or self._is_leader

    async def _alert(self, part: str, text: str) -> None:
        if part not in self._logged:
            self._logged.add(part)
            log.error("%s", text)
        if await self._post(part, text):
            self._alerted.add(part)

    async def _alert_recovery(self, part: str) -> None:
        self._logged.discard(part)
        if part not in self._alerted:
            return
        self._alerted.discard(part)
        if (text := recovery(part)) is not None:
            log.warning("%s", text)
            await self._post(part, text)

    async def _post(self, part: str, text: str) -> bool:
        """Post to on-call at once: what is wrong may be the outbox. Return whether it may be there."""
        policy, token = self.ctx.policy, f"health:{part}:{self.ctx.clock.now().isoformat()}"
        content = render_alert(text)
        outcome = await self.ctx.post(policy.alert_channel, content, token=token)
        if isinstance(outcome, Failed) and policy.fallback_channel != policy.alert_channel:
            outcome = await self.ctx.post(policy.fallback_channel, content, token=token)
        return isinstance(outcome, Done | Unknown)

    async def _call(self) -> None:
        seconds = self.health.seconds()
        if (
            self.alive_url is None
            or not self._is_leader
            or seconds - self._called_at < CALL_EVERY.total_seconds()
        ):
            return
        self._called_at = seconds
        await ping_alive_url(self.alive_url)
