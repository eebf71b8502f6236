"""Reading a timeline: newest first, page after page, until the cursor, the end, or what X shows at most."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from adapters.networks.x import ids
from adapters.networks.x.call_failures import Refusal, Unreadable
from adapters.networks.x.parsing import Includes, Malformed, post_of
from domain.accounts import Account
from domain.intake.posts import Page, Post

log = logging.getLogger(__name__)

PAGE_SIZE = 100
MENTIONS_SHOWN = 800  # X lists no more; docs.x.com, "GET /2/users/:id/mentions"
SEARCH_AT_MOST = 5000  # posts in one reading, $25: beyond it a gap is reported
#: X counts deleted posts against its 800 but does not list them, so a full listing may be some short.
_NEARLY = 0.95
_MOST_PAGES = 200

Call = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class _Read:
    """What has been read so far."""

    posts: list[Post] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    listed: int = 0
    pages: int = 0
    newest: str | None = None
    oldest: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One stream of posts, read `now`. `call` fetches a page, `token_name` is what it calls the next page's token."""

    call: Call
    token_name: str
    account: Account
    found_by: str
    at_most: int
    now: datetime

    async def read(self, since_id: str | None) -> Page:
        """Everything since `since_id`; the newest page alone where that is `None`. Raises CallFailed.

        Where X refuses the cursor as too old, all that it still shows is read, and a gap is reported.
        """
        if since_id is None:
            read = _Read()
            await self._page(read, {})
            return self._page_of(read, ids.BEGINNING, gap=False)
        bounds = {} if since_id == ids.BEGINNING else {"since_id": ids.with_overlap(since_id)}
        try:
            read = await self._pages(since_id, bounds)
        except Refusal as refusal:
            if refusal.status != HTTPStatus.BAD_REQUEST or not refusal.names("since_id"):
                raise
            log.warning("X finds the cursor of %s too old; reading all that it shows", self.found_by)
            read = await self._pages(since_id, {})
            return self._page_of(read, since_id, gap=not _reached(read, since_id))
        is_full = read.listed >= self.at_most * _NEARLY or read.token is not None
        return self._page_of(read, since_id, gap=is_full and not _reached(read, since_id))

    async def _pages(self, since_id: str, bounds: dict[str, str]) -> _Read:
        read = _Read()
        while True:
            before = read.token
            await self._page(read, bounds)
            if read.token is None or read.listed >= self.at_most or read.pages >= _MOST_PAGES:
                return read
            if read.token == before:
                raise Unreadable("X gave the same page token twice")
            if not bounds and _reached(read, ids.with_overlap(since_id)):
                return read

    async def _page(self, read: _Read, bounds: dict[str, str]) -> None:
        token = {self.token_name: read.token} if read.token else {}
        body = await self.call(max_results=PAGE_SIZE, **bounds, **token)
        data, meta = listing(body)
        includes = Includes.of(body)
        for tweet in data:
            self._take(read, tweet, includes)
        read.pages += 1
        read.listed += len(data)
        token_given = meta.get("next_token")
        read.token = token_given if isinstance(token_given, str) and token_given else None

    def _take(self, read: _Read, tweet: object, includes: Includes) -> None:
        given = tweet.get("id") if isinstance(tweet, dict) else None
        post_id = given if ids.is_id(given) else None
        if post_id is not None:
            read.newest = ids.newest(read.newest, post_id)
            read.oldest = post_id if read.oldest is None else min(read.oldest, post_id, key=int)
        try:
            read.posts.append(post_of(tweet, includes, self.account, self.found_by, self.now))
        except Malformed as error:
            log.warning("a post of X is skipped: %s", error, extra={"post": post_id, "stream": self.found_by})
            read.skipped.append(post_id or "?")

    def _page_of(self, read: _Read, since_id: str, *, gap: bool) -> Page:
        unique = {post.revision_id: post for post in read.posts}
        return Page(
            posts=tuple(sorted(unique.values(), key=lambda post: int(post.revision_id))),
            newest_id=ids.newest(since_id, read.newest),
            gap=gap,
            skipped=tuple(read.skipped),
        )


def listing(body: object) -> tuple[list[Any], dict[str, Any]]:
    """The posts and the `meta` of a page; raises Unreadable. An empty page has a `meta` and no `data`."""
    data, meta = (body.get("data"), body.get("meta")) if isinstance(body, dict) else (None, None)
    if isinstance(data, list):
        return data, meta if isinstance(meta, dict) else {}
    if data is None and isinstance(meta, dict) and meta.get("result_count") in (0, None):
        return [], meta
    raise Unreadable("X's answer is not a page of posts")


def _reached(read: _Read, since_id: str) -> bool:
    return read.oldest is not None and int(read.oldest) <= int(since_id)
