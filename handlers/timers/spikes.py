"""Look for spikes at short intervals, and learn once an hour what is usual."""

import asyncio
from collections import deque
from datetime import datetime, timedelta

from domain.surge.baseline import hour_number
from domain.surge.watch import SurgeWatch
from handlers.context import AppContext
from handlers.surge.counting import (
    ARRIVALS_IN_A_BATCH,
    LISTED_AFTER,
    count_hours,
    load_histories,
    prune,
    read_new,
    read_recent,
)
from handlers.surge.spikes import detect_spikes
from handlers.timers.schedule import Timer

LOOK_EVERY = timedelta(seconds=5)
#: How often spikes are followed and silences looked for where nothing new came.
FOLLOW_EVERY = timedelta(seconds=20)
#: With each of these, messages are read again for so long: of two transactions, that with the lower ids may
#: commit later. In a flood they are too many to be read at each look.
_READ_AGAIN = timedelta(minutes=1)


def spike_timers(ctx: AppContext) -> list[Timer]:
    """Return the timer that looks for spikes; none where the settings want no such alerts."""
    if not ctx.policy.spike_false_alarms:
        return []
    return [Timer("look for spikes", LOOK_EVERY, SpikeDetector(ctx).run)]


class SpikeDetector:
    """Reads new posts, and detects spikes in what it has of the last hours in memory."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx
        self._watch = SurgeWatch(
            false_alarms=ctx.policy.spike_false_alarms, components=ctx.policy.outages.components
        )
        self._accounts = [connected.account for connected in ctx.networks.values()]
        self._learnt_at: int | None = None
        self._followed_at: datetime | None = None
        # The last message that was read, and when.
        self._read: deque[tuple[datetime, int]] = deque()

    async def run(self) -> None:
        """Look once; do nothing more where nothing came and the last look that did is not long ago."""
        now = self._ctx.clock.now()
        await self._learn(now)
        is_due = self._followed_at is None or abs(now - self._followed_at) >= FOLLOW_EVERY
        if is_due:
            await self._read_again(now)
            self._followed_at = now
        elif not await self._read_after(self._read[-1][1], now):
            return
        self._watch.forget(now)
        await self._ctx.desk.run(
            detect_spikes,
            watch=self._watch,
            cues=self._ctx.live_classifier.current.cues,
            policy=self._ctx.policy,
            accounts=self._accounts,
            now=now,
        )
        self._watch.tested(now=now)

    async def _learn(self, now: datetime) -> None:
        """Count the hours that are over, once an hour, and estimate what is usual off the event loop."""
        hour = hour_number(now - LISTED_AFTER)
        if hour == self._learnt_at:
            return
        desk = self._ctx.desk
        while await desk.run(count_hours, finder=self._watch.finder, accounts=self._accounts, now=now):
            pass
        await desk.run(prune, now=now)
        histories = await desk.run(load_histories, now=now)
        await asyncio.to_thread(self._watch.learn, histories, hour=hour_number(now))
        self._learnt_at = hour

    async def _read_again(self, now: datetime) -> None:
        """Read new messages, and those of the last minute again."""
        if not self._read:
            recent, last = await self._ctx.desk.run(read_recent, now=now)
            self._watch.add(recent)
            self._read.append((now, last))
        await self._read_after(self._read[0][1], now)
        while self._read[1][0] <= now - _READ_AGAIN:
            self._read.popleft()

    async def _read_after(self, after: int, now: datetime) -> bool:
        """Read the messages after this one; return whether there were any."""
        first = after
        while True:
            arrivals = await self._ctx.desk.run(read_new, after=after)
            self._watch.add(arrivals)
            after = max([after, *(one.id for one in arrivals)])
            if len(arrivals) < ARRIVALS_IN_A_BATCH:
                break
        self._read.append((now, max(after, self._read[-1][1])))
        return after > first
