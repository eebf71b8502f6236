"""Read a timeline page by page, newest first, until the cursor, the end, or X's limit."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from adapters.http_calls import Unreadable
from adapters.networks.x import ids
from adapters.networks.x.call_failures import Refusal
from adapters.networks.x.json_values import count_of
from adapters.networks.x.parsing import Includes, Malformed, post_of
from domain.accounts import Account
from domain.intake.posts import Page, Post

log = logging.getLogger(__name__)

PAGE_SIZE = 100
MAX_MENTIONS = 800  # X lists no more; docs.x.com, "GET /2/users/:id/mentions"
MAX_SEARCHED = 5000  # posts in one read ($25); beyond it a gap is reported
#: X counts deleted posts against its 800 but does not list them, so a full listing may have fewer.
_FULL_SHARE = 0.95
_MAX_PAGES = 200
#: Pages that are read behind the cursor. In a flood the two minutes of `ids.OVERLAP` are many pages, and each
#: read would ask for all of them until X refuses for a quarter of an hour. What appears later than these is
#: found by the reading of the last day (`read_back`).
_OVERLAP_PAGES = 1

Call = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class _Progress:
    """The state of one read."""

    posts: list[Post] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    listed: int = 0
    pages: int = 0
    newest: str | None = None
    oldest: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One stream of posts, read at `now`.

    `call` fetches a page from the API at `api_url`; `token_name` is its parameter for the next page's token.
    """

    call: Call
    token_name: str
    account: Account
    found_by: str
    api_url: str
    max_posts: int
    now: datetime

    async def read(self, since_id: str | None) -> Page:
        """Fetch everything since `since_id`; only the newest page where that is `None`. Raises CallFailed.

        Where X refuses the cursor as too old, everything that it still lists is read, and a gap is reported
        unless the cursor was reached.
        """
        if since_id is None:
            read = _Progress()
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
        is_full = read.listed >= self.max_posts * _FULL_SHARE or read.token is not None
        return self._page_of(read, since_id, gap=is_full and not _reached(read, since_id))

    async def read_back(self, since: datetime) -> Page:
        """Fetch all that was written since then, by its time instead of a cursor. Raises CallFailed."""
        read = await self._pages(ids.BEGINNING, {"start_time": whole_seconds(since)})
        is_full = read.listed >= self.max_posts * _FULL_SHARE or read.token is not None
        return self._page_of(read, ids.BEGINNING, gap=is_full and not _reached(read, ids.id_at(since)))

    async def _pages(self, since_id: str, bounds: dict[str, str]) -> _Progress:
        read, behind = _Progress(), 0
        while True:
            before = read.token
            await self._page(read, bounds)
            behind += _reached(read, since_id)
            if behind > _OVERLAP_PAGES:
                return read
            if read.token is None or read.listed >= self.max_posts or read.pages >= _MAX_PAGES:
                return read
            if read.token == before:
                raise Unreadable("X gave the same page token twice")
            if not bounds and _reached(read, ids.with_overlap(since_id)):
                return read

    async def _page(self, read: _Progress, bounds: dict[str, str]) -> None:
        token = {self.token_name: read.token} if read.token else {}
        body = await self.call(max_results=PAGE_SIZE, **bounds, **token)
        data, meta = listing(body)
        includes = Includes.of(body, self.api_url)
        for tweet in data:
            self._add_post(read, tweet, includes)
        read.pages += 1
        read.listed += len(data)
        token_given = meta.get("next_token")
        read.token = token_given if isinstance(token_given, str) and token_given else None

    def _add_post(self, read: _Progress, tweet: object, includes: Includes) -> None:
        raw_id = tweet.get("id") if isinstance(tweet, dict) else None
        post_id = raw_id if ids.is_id(raw_id) else None
        if post_id is not None:
            read.newest = ids.newest(read.newest, post_id)
            read.oldest = post_id if read.oldest is None else min(read.oldest, post_id, key=int)
        try:
            read.posts.append(post_of(tweet, includes, self.account, self.found_by, self.now))
        except Malformed as error:
            log.warning("a post of X is skipped: %s", error, extra={"post": post_id, "stream": self.found_by})
            read.skipped.append(post_id or "?")

    def _page_of(self, read: _Progress, since_id: str, *, gap: bool) -> Page:
        unique = {post.revision_id: post for post in read.posts}
        return Page(
            posts=tuple(sorted(unique.values(), key=lambda post: int(post.revision_id))),
            newest_id=ids.newest(since_id, read.newest),
            gap=gap,
            skipped=tuple(read.skipped),
        )


def whole_seconds(moment: datetime) -> str:
    """Format a time as X takes it: in UTC, without fractions of a second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def listing(body: object) -> tuple[list[Any], dict[str, Any]]:
    """Return the items and the `meta` of a page; raises Unreadable.

    An empty page has a `meta` and no `data`.
    """
    data, meta = (body.get("data"), body.get("meta")) if isinstance(body, dict) else (None, None)
    if isinstance(data, list):
        return data, meta if isinstance(meta, dict) else {}
    is_empty = isinstance(meta, dict) and (
        meta.get("result_count") is None or count_of(meta["result_count"]) == 0
    )
    if data is None and isinstance(meta, dict) and is_empty:
        return [], meta
    raise Unreadable("X's answer is not a page of posts")


def _reached(read: _Progress, since_id: str) -> bool:
    return read.oldest is not None and int(read.oldest) <= int(since_id)
