"""Hear of posts that a network pushes, and ingest them; polling goes on beside it and closes every gap."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from domain.intake.post_events import PostEvents
from domain.intake.posts import Page
from domain.intake.stream_names import PUSH
from domain.intake.streams import Cursor, SourceError
from handlers.timers.mentions import MentionsPoller

log = logging.getLogger(__name__)

LISTEN_EVERY = timedelta(seconds=5)
#: The share of the interval that is spent waiting.
WAITING_SHARE = 0.9
#: The successes of a quiet stream are recorded this often.
RECORD_SECONDS = 60.0
FIRST_RETRY_SECONDS = 1.0
LAST_RETRY_SECONDS = 320.0
_NOTHING = Page(posts=(), newest_id=None)


class PushedPosts:
    """Listens to the events of one network. What it misses, the poller of the same network reads."""

    def __init__(
        self,
        events: PostEvents,
        poller: MentionsPoller,
        *,
        every: timedelta,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._events = events
        self._poller = poller
        self._monotonic = monotonic
        self._waiting_seconds = every.total_seconds() * WAITING_SHARE
        self._retry_seconds = 0.0
        self._not_before = 0.0
        self._recorded_at = float("-inf")
        #: Whether the last try went on to its end.
        self._hears = True

    async def listen(self) -> int:
        """Listen for most of the interval, or not at all where the last try failed a moment ago.

        Returns how many posts were new. Records errors, does not raise them.
        """
        deadline, added = self._monotonic() + self._waiting_seconds, 0
        self._hears = True
        while self._hears and (left := deadline - self._monotonic()) > 0 and self._is_time:
            self._hears = False
            added += await self._poller.poll(PUSH, partial(self._read, left))
        return added

    @property
    def _is_time(self) -> bool:
        return self._monotonic() >= self._not_before

    async def _read(self, seconds: float, cursor: Cursor) -> int:  # noqa: ARG002 - a push has no position
        if not await self._poller.may_read(PUSH):
            return 0
        try:
            post_ids = await self._events.wait(self._poller.account, seconds)
            page = await self._events.posts(self._poller.account, post_ids) if post_ids else _NOTHING
        except SourceError as error:
            self._retry_seconds = min(max(FIRST_RETRY_SECONDS, 2 * self._retry_seconds), LAST_RETRY_SECONDS)
            self._not_before = self._monotonic() + self._retry_seconds
            raise SourceError(
                error.fault, f"{error}. Mentions are polled as before", resume_at=error.resume_at
            ) from None
        self._retry_seconds, added = 0.0, 0
        if post_ids or self._monotonic() - self._recorded_at >= RECORD_SECONDS:
            self._recorded_at = self._monotonic()
            added = await self._poller.ingest(PUSH, page)
        self._hears = True
        return added
