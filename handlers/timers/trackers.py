"""Follow the issues of each tracker."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.delivery.outcomes import backoff_delay
from domain.trackers.trackers import MAX_BATCH, ConnectedTracker, TrackerUnavailable
from handlers.cases.alerts import alert
from handlers.context import AppContext
from handlers.timers.schedule import Timer
from handlers.trackers import following
from handlers.trackers.following import followed_ids, record_gone, record_reading

log = logging.getLogger(__name__)

#: How often it is looked whether the time has come; the settings say how often issues are read.
LOOK_EVERY = timedelta(seconds=5)
#: Clocks differ: what changed shortly before the last reading is read again.
OVERLAP = timedelta(minutes=5)
#: So often all issues are read, whether they changed or not.
FULL_EVERY = timedelta(hours=6)
_SUSPICIOUS = 3


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
    #: What the last reading of all issues did not find, and what is known to be gone.
    missing: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Read what changed, where it is time; after a failure later than usual."""
        ctx, now = self.ctx, self.ctx.clock.now()
        # A wait that began later than now is from before the clock was set back.
        if self.due_at and self.waits_since and self.waits_since <= now < self.due_at:
            return
        self.waits_since, self.due_at = now, now + ctx.policy.issues_read_every
        ids = await ctx.desk.run(followed_ids, tracker=self.tracker.profile.name, now=now)
        is_time = self.read_all_at is None or not timedelta() <= now - self.read_all_at < FULL_EVERY
        reads_all = is_time or bool(self.missing)
        if reads_all and len(ids) == following.MAX_FOLLOWED:
            label = self.tracker.profile.label
            log.warning(
                "only the newest %d open issues at %s are followed: close what is done", len(ids), label
            )
        found: set[str] = set()
        try:
            for start in range(0, len(ids), MAX_BATCH):
                some, since = ids[start : start + MAX_BATCH], None if reads_all else self.read_since
                found |= await self._read(some, since=since)
            if reads_all:
                await self._look_for_missing(set(ids) - found - self.gone, found)
        except TrackerUnavailable as error:
            await self._postpone(error, now)
            return
        self.failures = 0
        self.read_since = now - OVERLAP
        if reads_all:
            self.read_all_at = now

    async def _read(self, ids: list[str], *, since: datetime | None) -> set[str]:
        """Read issues and store what changed; return the ids of those that were listed."""
        channel, listed = self.ctx.policy.support_channel, set()
        for seen in await self.tracker.client.read(ids, since=since):
            name, now = self.tracker.profile.name, self.ctx.clock.now()
            await self.ctx.desk.run(record_reading, tracker=name, seen=seen, channel=channel, now=now)
            listed.add(seen.id)
        self.gone -= listed
        return listed

    async def _look_for_missing(self, missing: set[str], found: set[str]) -> None:
        """Record which issues are gone: those that two readings of all, one after the other, do not find.

        Raises `TrackerUnavailable` where none of several is found: the token sees less than it did.
        """
        if not found and len(missing) >= _SUSPICIOUS:
            self.missing = set()
            raise TrackerUnavailable(f"none of {len(missing)} issues is found any more", passes=False)
        gone, self.missing = missing & self.missing, missing - self.missing
        self.gone |= gone
        for issue_id in sorted(gone):
            await self.ctx.desk.run(
                record_gone,
                tracker=self.tracker.profile.name,
                external_id=issue_id,
                channel=self.ctx.policy.support_channel,
                now=self.ctx.clock.now(),
            )

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
