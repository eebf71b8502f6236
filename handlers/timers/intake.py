"""Reading the networks: page by page into the desk, and what to do when a reading fails."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from domain.policy import Policy
from domain.ports import Account, Clock, SocialNetwork, UnitOfWork
from domain.posts import Page, Post
from domain.sources import Cursor
from handlers.desk import Desk
from handlers.reading import Reader
from handlers.receive import Received, receive
from handlers.streams import MENTIONS, note_quiet, note_reading
from handlers.timers.turns import Turns

log = logging.getLogger(__name__)

BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How streams are read. `query` is `None` where nothing is searched for; `quiet_after` is zero for never."""

    query: str | None
    pause: timedelta
    quiet_after: timedelta


class Intake:
    """Reads one account's streams into the desk. One reading of a stream at a time."""

    def __init__(
        self,
        *,
        desk: Desk,
        network: SocialNetwork,
        account: Account,
        reader: Reader,
        policy: Policy,
        reading: Reading,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._network = network
        self._account = account
        self._reader = reader
        self._policy = policy
        self._reading = reading
        self._clock = clock
        self._turns = Turns(desk=desk, account=account, policy=policy, clock=clock, pause=reading.pause)

    async def read(self, stream: str) -> int:
        """Read what is new in a stream; says how many posts were new. Troubles are noted, never raised."""
        return await self._turns.take(stream, partial(self._read, stream))

    async def _read(self, stream: str, cursor: Cursor) -> int:
        return await self._take(stream, await self._fetch(stream, cursor))

    async def watch_quiet(self) -> None:
        """Tell somebody, once, when nothing has arrived for too long."""
        if self._reading.quiet_after:
            await self._desk.run(
                note_quiet,
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
    ) -> Received:
        return receive(
            uow,
            account=self._account,
            posts=posts,
            stream=stream,
            newest_id=newest_id,
            reader=self._reader,
            now=self._clock.now(),
        )

    def _receive_last(self, uow: UnitOfWork, stream: str, posts: Sequence[Post], page: Page) -> Received:
        """The last batch, and in the same transaction what there is to say of the whole reading."""
        received = self._receive(uow, stream, posts, page.newest_id)
        note_reading(
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
