"""Poll the mentions and the search results of a network, and ingest them in batches."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from domain.clock import Clock
from domain.intake.posts import Page, Post
from domain.intake.stream_names import MENTIONS, PUSH, SEARCH
from domain.intake.streams import Cursor, SourceError
from domain.networks import Connected
from domain.policy import Policy
from domain.surge.spending import Act
from handlers.desk import Desk
from handlers.intake.completeness import LOOK_BACK, new_posts, plan_look_back, record_look_back
from handlers.intake.mentions import IngestResult, ingest_posts
from handlers.intake.stream_health import alert_if_quiet, record_success
from handlers.live_classifier import LiveClassifier
from handlers.surge.spending import may_read, meter
from handlers.timers.stream_poller import StreamPoller
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

BATCH_SIZE = 50  # posts in one transaction: on SQLite a click waits for it
_ACTS = {MENTIONS: Act.MENTIONS, SEARCH: Act.SEARCH, PUSH: Act.PUSHED}


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """Settings of a poller.

    `pause` is how long a stream that was refused is not read. `quiet_after`: alert if nothing has arrived for
    this long; zero for never.
    """

    pause: timedelta
    quiet_after: timedelta


#: Called with the network, the stream, and how many seconds after it was posted a post was stored.
OnLag = Callable[[str, str, float], None]


class MentionsPoller:
    """Polls the public streams of one network. A stream must not be read concurrently."""

    def __init__(
        self,
        *,
        desk: Desk,
        network: Connected,
        classifier: LiveClassifier,
        policy: Policy,
        settings: PollSettings,
        clock: Clock,
        on_lag: OnLag = lambda _network, _stream, _seconds: None,
    ) -> None:
        self._desk = desk
        self._network = network
        self.account = network.account
        self._classifier = classifier
        self._policy = policy
        self._settings = settings
        self._clock = clock
        self._on_lag = on_lag
        self._poller = StreamPoller(
            desk=desk,
            account=network.account,
            label=network.profile.label,
            policy=policy,
            clock=clock,
            pause=settings.pause,
        )

    async def read(self, stream: str) -> int:
        """Read and ingest a stream's new posts; return how many there were. Records errors, raises none."""
        return await self._poller.poll(stream, partial(self._read, stream))

    async def _read(self, stream: str, cursor: Cursor) -> int:
        """Read the stream, unless today's budget for the network is used up."""
        if not await self.may_read(stream):
            return 0
        return await self.ingest(stream, await self._fetch(stream, cursor))

    async def poll(self, stream: str, read: Callable[[Cursor], Awaitable[int]]) -> int:
        """Read a stream by `read`, as `StreamPoller.poll` does."""
        return await self._poller.poll(stream, read)

    async def may_read(self, stream: str) -> bool:
        """Return whether today's budget for the network leaves room for this stream."""
        act, network, now = _ACTS[stream], self.account.network, self._clock.now()
        return await self._desk.run(may_read, policy=self._policy, network=network, act=act, now=now)

    async def alert_if_quiet(self) -> None:
        """Alert, once per quiet period, if no mention has arrived for the configured time."""
        if self._settings.quiet_after:
            await self._desk.run(
                alert_if_quiet,
                stream=self._poller.stream(MENTIONS),
                quiet_after=self._settings.quiet_after,
                policy=self._policy,
                now=self._clock.now(),
            )

    async def look_back(self) -> int:
        """List the mentions of today again; return how many the network had listed late.

        A `SourceError` is logged alone: the reading of mentions fails alike, and people are notified there.
        """
        try:
            return await self._look_back()
        except SourceError as error:
            log.warning("looking back on %s failed: %s", self.account.network, error)
            return 0

    async def _look_back(self) -> int:
        about: Any = {"account": self.account, "profile": self._network.profile, "policy": self._policy}
        look = await self._desk.run(plan_look_back, **about, now=self._clock.now())
        if look is None:
            return 0
        page = await self._network.client.recent_mentions(self.account, look.since)
        new, late = await self._desk.run(new_posts, account=self.account, posts=page.posts)
        for posts in _batches(page.posts):
            await self._prepare(posts)
            self._observed(LOOK_BACK, await self._desk.run(self._ingest_batch, LOOK_BACK, posts, None))
        found: Any = {"look": look, "page": page, "new": new, "late": late}
        await self._desk.run(record_look_back, **about, **found, now=self._clock.now())
        if late:
            log.warning("%s listed %d mentions late", self.account.network, len(late))
        return len(late)

    async def _fetch(self, stream: str, cursor: Cursor) -> Page:
        if stream == MENTIONS:
            return await self._network.client.mentions(self.account, cursor.since_id)
        return await self._network.client.search(self.account, self._network.query or "", cursor.since_id)

    async def ingest(self, stream: str, page: Page) -> int:
        """Ingest a page of a stream in batches; return how many posts were new."""
        if page.skipped:
            log.warning("%s: could not read posts %s", stream, ", ".join(page.skipped))
        *earlier, last = _batches(page.posts) or [()]
        added = 0
        for posts in earlier:
            await self._prepare(posts)
            added += self._observed(stream, await self._desk.run(self._ingest_batch, stream, posts, None))
        await self._prepare(last)
        result = await self._desk.run(self._ingest_last_batch, stream, last, page)
        return added + self._observed(stream, result)

    def _observed(self, stream: str, result: IngestResult) -> int:
        """Report the lag of each new post of a stored batch to `on_lag`; return how many they are."""
        for posted_at in result.posted_at:
            self._on_lag(self.account.network, stream, (self._clock.now() - posted_at).total_seconds())
        return result.added

    async def _prepare(self, posts: Sequence[Post]) -> None:
        classifier = await self._classifier.refresh()
        await asyncio.to_thread(classifier.prepare_posts, posts)

    def _ingest_batch(
        self, uow: UnitOfWork, stream: str, posts: Sequence[Post], newest_id: str | None
    ) -> IngestResult:
        now, profile = self._clock.now(), self._network.profile
        result = ingest_posts(
            uow,
            account=self.account,
            profile=profile,
            posts=posts,
            stream=stream,
            newest_id=newest_id,
            classifier=self._classifier.current,
            now=now,
        )
        if stream in _ACTS:  # a look back is metered as a whole
            act = _ACTS[stream]
            meter(uow, policy=self._policy, profile=profile, act=act, count=result.added, now=now)
        return result

    def _ingest_last_batch(
        self, uow: UnitOfWork, stream: str, posts: Sequence[Post], page: Page
    ) -> IngestResult:
        """Ingest the last batch, and record the success of the whole page in the same transaction."""
        result = self._ingest_batch(uow, stream, posts, page.newest_id)
        record_success(
            uow,
            stream=self._poller.stream(stream),
            page=page,
            policy=self._policy,
            now=self._clock.now(),
        )
        return result


def _batches(posts: Sequence[Post]) -> list[Sequence[Post]]:
    return [posts[start : start + BATCH_SIZE] for start in range(0, len(posts), BATCH_SIZE)]
