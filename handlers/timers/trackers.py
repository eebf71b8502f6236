"""Follow the issues of each tracker."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.delivery.outcomes import backoff_delay
from domain.trackers.trackers import MAX_BATCH, ConnectedTracker, TrackerUnavailable
from handlers.cases.alerts import alert
from handlers.context import AppContext
from handlers.timers.schedule import Timer
from handlers.trackers import following
from handlers.trackers.following import followed_ids, record_reading

log = logging.getLogger(__name__)

#: How often it is looked whether the time has come; the settings say how often issues are read.
LOOK_EVERY = timedelta(seconds=5)
#: Clocks differ: what changed shortly before the last reading is read again.
OVERLAP = timedelta(minutes=5)
#: So often all issues are read, whether they changed or not.
FULL_EVERY = timedelta(hours=6)


def tracker_timers(ctx: AppContext) -> list[Timer]:
    """Return a timer for each tracker that is set up."""
    return [
        Timer(f"follow issues at {one.profile.label}", LOOK_EVERY, Follower(ctx, one).run)
        for one in ctx.trackers.values()
    ]


@dataclass(slots=True)
class Follower:
    """Reads the issues of one tracker. What it keeps may be lost: all issues are read after a restart."""

    ctx: AppContext
    tracker: ConnectedTracker
    due_at: datetime | None = None
    waits_since: datetime | None = None
    read_since: datetime | None = None
    read_all_at: datetime | None = None
    failures: int = 0

    async def run(self) -> None:
        """Read what changed, where it is time; after a failure later than usual."""
        ctx, now = self.ctx, self.ctx.clock.now()
        # A wait that began later than now is from before the clock was set back.
        if self.due_at and self.waits_since and self.waits_since <= now < self.due_at:
            return
        self.waits_since, self.due_at = now, now + ctx.policy.issues_read_every
        ids = await ctx.desk.run(followed_ids, tracker=self.tracker.profile.name, now=now)
        reads_all = self.read_all_at is None or not timedelta() <= now - self.read_all_at < FULL_EVERY
        if reads_all and len(ids) == following.MAX_FOLLOWED:
            label = self.tracker.profile.label
            log.warning(
                "only the newest %d open issues at %s are followed: close what is done", len(ids), label
            )
        try:
            for start in range(0, len(ids), MAX_BATCH):
                await self._read(ids[start : start + MAX_BATCH], since=None if reads_all else self.read_since)
        except TrackerUnavailable as error:
            await self._postpone(error, now)
            return
        self.failures = 0
        self.read_since = now - OVERLAP
        if reads_all:
            self.read_all_at = now

    async def _read(self, ids: list[str], *, since: datetime | None) -> None:
        channel = self.ctx.policy.support_channel
        for seen in await self.tracker.client.read(ids, since=since):
            name, now = self.tracker.profile.name, self.ctx.clock.now()
            await self.ctx.desk.run(record_reading, tracker=name, seen=seen, channel=channel, now=now)

    async def _postpone(self, error: TrackerUnavailable, now: datetime) -> None:
        """Read later; alert on-call once a day where waiting does not help."""
        self.failures += 1
        self.due_at = now + max(
            error.wait or timedelta(), backoff_delay(self.failures), self.ctx.policy.issues_read_every
        )
        log.warning("issues were not read: %s", error.reason)
        if not error.passes:
            label = self.tracker.profile.label
            await self.ctx.desk.run(
                alert,
                self.ctx.policy,
                f"Issues at {label} are not followed: {error.reason}",
                dedupe_key=f"tracker:{self.tracker.profile.name}:{now:%Y%m%d}",
                now=now,
            )
