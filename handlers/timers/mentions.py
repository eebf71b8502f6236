"""Reading the networks: page by page into the desk, and what to do when a reading fails."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from domain.accounts import Account
from domain.clock import Clock
from domain.intake.posts import Page, Post
from domain.intake.sources import Cursor
from domain.networks import SocialNetwork
from domain.policy import Policy
from handlers.desk import Desk
from handlers.intake.mentions import IngestResult, ingest_posts
from handlers.intake.stream_health import MENTIONS, alert_if_silent, record_reading
from handlers.timers.stream_poller import StreamPoller
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """How streams are read. `query` is `None` where nothing is searched for; `quiet_after` is zero for never."""

    query: str | None
    pause: timedelta
    quiet_after: timedelta


class MentionsPoller:
    """Reads one account's streams into the desk. One reading of a stream at a time."""

    def __init__(
        self,
        *,
        desk: Desk,
        network: SocialNetwork,
        account: Account,
        classifier: Classifier,
        policy: Policy,
        reading: PollSettings,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._network = network
        self._account = account
        self._classifier = classifier
        self._policy = policy
        self._reading = reading
        self._clock = clock
        self._poller = StreamPoller(
            desk=desk, account=account, policy=policy, clock=clock, pause=reading.pause
        )

    async def read(self, stream: str) -> int:
        """Read what is new in a stream; says how many posts were new. Troubles are noted, never raised."""
        return await self._poller.poll(stream, partial(self._read, stream))

    async def _read(self, stream: str, cursor: Cursor) -> int:
        return await self._take(stream, await self._fetch(stream, cursor))

    async def watch_quiet(self) -> None:
        """Tell somebody, once, when nothing has arrived for too long."""
        if self._reading.quiet_after:
            await self._desk.run(
                alert_if_silent,
                account=self._account,
                stream=MENTIONS,
                quiet_after=self._reading.quiet_after,
                policy=self._policy,
                now=self._clock.now(),
            )

    async def _fetch(self, stream: str, cursor: Cursor) -> Page:
        if stream == MENTIONS:
            return await self._network.mentions(self._account, cursor.since_id)
        return await self._network.search(self._account, self._reading.query or "", cursor.since_id)

    async def _take(self, stream: str, page: Page) -> int:
        if page.skipped:
            log.warning("%s: could not read posts %s", stream, ", ".join(page.skipped))
        *earlier, last = _batches(page.posts) or [()]
        added = 0
        for posts in earlier:
            added += (await self._desk.run(self._receive, stream, posts, None)).added
        return added + (await self._desk.run(self._receive_last, stream, last, page)).added

    def _receive(
        self, uow: UnitOfWork, stream: str, posts: Sequence[Post], newest_id: str | None
    ) -> IngestResult:
        return ingest_posts(
            uow,
            account=self._account,
            posts=posts,
            stream=stream,
            newest_id=newest_id,
            classifier=self._classifier,
            now=self._clock.now(),
        )

    def _receive_last(self, uow: UnitOfWork, stream: str, posts: Sequence[Post], page: Page) -> IngestResult:
        """The last batch, and in the same transaction what there is to say of the whole reading."""
        received = self._receive(uow, stream, posts, page.newest_id)
        record_reading(
            uow,
            account=self._account,
            stream=stream,
            page=page,
            policy=self._policy,
            now=self._clock.now(),
        )
        return received


def _batches(posts: Sequence[Post]) -> list[Sequence[Post]]:
    return [posts[start : start + BATCH] for start in range(0, len(posts), BATCH)]
