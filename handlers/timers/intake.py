"""Reading the networks: page by page into the desk, and what to do when a reading fails."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.policy import Policy
from domain.ports import Account, Clock, SocialNetwork
from domain.posts import Page, Post
from domain.sources import Cursor, SourceError
from handlers.desk import Desk
from handlers.reading import Reader
from handlers.receive import receive
from handlers.streams import MENTIONS, get_cursor, note_quiet, note_reading, note_trouble

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

    async def read(self, stream: str) -> int:
        """Read what is new in a stream; says how many posts were new. Troubles are noted, never raised."""
        cursor = await self._desk.run(get_cursor, account=self._account, stream=stream)
        if cursor.paused_until is not None and cursor.paused_until > self._clock.now():
            return 0
        try:
            page = await self._fetch(stream, cursor)
        except SourceError as error:
            await self._note(stream, error)
            return 0
        return await self._take(stream, cursor, page)

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

    async def _take(self, stream: str, cursor: Cursor, page: Page) -> int:
        if page.skipped:
            log.warning("%s: could not read posts %s", stream, ", ".join(page.skipped))
        batches = _batches(page.posts) or [()]
        added = 0
        for number, posts in enumerate(batches, 1):
            received = await self._desk.run(
                receive,
                account=self._account,
                posts=posts,
                stream=stream,
                newest_id=page.newest_id if number == len(batches) else None,
                reader=self._reader,
                now=self._clock.now(),
            )
            added += received.added
        await self._desk.run(
            note_reading,
            account=self._account,
            stream=stream,
            before=cursor,
            page=page,
            policy=self._policy,
            now=self._clock.now(),
        )
        return added

    async def _note(self, stream: str, error: SourceError) -> None:
        log.warning("reading %s failed: %s", stream, error)
        await self._desk.run(
            note_trouble,
            account=self._account,
            stream=stream,
            error=error,
            pause=self._reading.pause,
            policy=self._policy,
            now=self._clock.now(),
        )


def _batches(posts: Sequence[Post]) -> list[Sequence[Post]]:
    return [posts[start : start + BATCH] for start in range(0, len(posts), BATCH)]
