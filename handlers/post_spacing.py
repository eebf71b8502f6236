"""Keep posts into a channel of the team chat apart."""

import asyncio
from datetime import datetime, timedelta

from domain.clock import Clock
from handlers.keyed_lock import KeyedLock

#: Slack takes one message a second into a channel; the rest is for calls that take unequally long to arrive.
SPACING = timedelta(seconds=1.02)
#: A longer wait comes of a clock that was set back.
LONGEST = timedelta(seconds=10)


class PostSpacing:
    """Lets posts into each channel through no sooner than `spacing` after each other.

    The outbox claims them at that pace. From there to the call one may take longer than the next one (a
    transaction before it, a suggestion that is chosen while its card is drawn), and two would come too close.
    """

    def __init__(self, spacing: timedelta | None = None) -> None:
        self._spacing = SPACING if spacing is None else spacing
        self._locks = KeyedLock()
        self._free_at: dict[str, datetime] = {}

    async def wait(self, channel: str, clock: Clock) -> None:
        """Wait until it is this post's turn. Call it right before the post."""
        async with self._locks.of(channel):
            now = clock.now()
            self._free_at = {one: free for one, free in self._free_at.items() if now < free <= now + LONGEST}
            free_at = self._free_at.get(channel, now)
            if free_at > now:
                await asyncio.sleep((free_at - now).total_seconds())
            self._free_at[channel] = clock.now() + self._spacing
