"""Implement `SocialNetwork` for X."""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus

from adapters.http_calls import CallFailed, Unreadable
from adapters.networks.x import parsing, vocabulary
from adapters.networks.x.activity import XPostEvents
from adapters.networks.x.call_failures import Refusal
from adapters.networks.x.client import TOTAL_SECONDS, Client, Keys
from adapters.networks.x.diagnostics import probe
from adapters.networks.x.direct_messages import XDirectMessages
from adapters.networks.x.errors import post_outcome, reply_outcome, source_errors
from adapters.networks.x.ids import is_id, own_id
from adapters.networks.x.json_values import items, mapping_of
from adapters.networks.x.reply_search import find_own_post
from adapters.networks.x.timeline import MAX_MENTIONS, MAX_SEARCHED, Call, Timeline
from domain.accounts import Account
from domain.cases.files import MAX_FILE_SIZE
from domain.clock import Clock
from domain.delivery.outcomes import Done, Finding, Outcome, Unknown
from domain.diagnostics import CheckLine
from domain.intake.posts import Page
from domain.intake.streams import SourceError, SourceFault

log = logging.getLogger(__name__)

MAX_LOOKUP = 100  # ids in one call
READ_ONLY = "the keys may only read: set the app's permissions to “Read and write” in X's console, then make the access token anew"
_POST_RESOURCES = ("post", "tweet")
_GONE = ("resource-not-found", "not-authorized-for-resource")


class X:
    """Implements `domain.networks.SocialNetwork` over API v2, as the account that the keys belong to.

    Close it when done.
    """

    def __init__(
        self, *, base_url: str, keys: Keys, clock: Clock, total_seconds: float = TOTAL_SECONDS
    ) -> None:
        self._client = Client(base_url, keys, total_seconds=total_seconds)
        self._clock = clock
        self.direct = XDirectMessages(self._client, clock)
        self.events = XPostEvents(self._client, clock)

    async def close(self) -> None:
        """Close the connections."""
        self.events.close()
        await self._client.close()

    async def account(self) -> Account:
        """Return the account that the keys belong to. Raises SourceError."""
        with source_errors(self._clock):
            body = await self._client.get_me(user_fields=list(vocabulary.USER_FIELDS))
            return _account_in(body)

    async def mentions(self, account: Account, since_id: str | None) -> Page:
        """Fetch the posts that mention or quote the account, oldest first. Raises SourceError."""
        with source_errors(self._clock):
            return await self._mentions(account).read(since_id)

    async def recent_mentions(self, account: Account, since: datetime) -> Page:
        """Fetch the posts that mention or quote the account since then, oldest first. Raises SourceError."""
        with source_errors(self._clock):
            return await self._mentions(account).read_back(since)

    async def search(self, account: Account, query: str, since_id: str | None) -> Page:
        """Fetch the posts of the last seven days that match the query, oldest first. Raises SourceError."""
        call = partial(self._client.read, vocabulary.SEARCH, "/2/tweets/search/recent", query=query)
        timeline = self._timeline(call, "next_token", account, "search", MAX_SEARCHED)
        with source_errors(self._clock):
            return await timeline.read(since_id)

    async def reply(self, text: str, to_post_id: str, *, unnotified: Sequence[str] = ()) -> Outcome:
        """Reply publicly to a post: one try, no retry. `Done.result` holds "id" and "url".

        X puts everybody whom the post mentions in front of the reply, but for the `unnotified`.

        A success that cannot be parsed is `Unknown`: it is never taken for proof that nothing was posted.
        """
        try:
            body = await self._client.create_tweet(
                text=text, in_reply_to_tweet_id=to_post_id, exclude_reply_user_ids=list(unnotified) or None
            )
        except CallFailed as failure:
            outcome = reply_outcome(failure, self._clock.now())
            log.info("a reply was not taken: %s", failure, extra={"post": to_post_id})
            return outcome
        return _posted(body)

    async def find_reply(self, account: Account, text: str, to_post_id: str, since: datetime) -> Finding:
        """Look for that reply among the account's posts since then."""
        return await find_own_post(self._client, self._clock, account, text, to_post_id, since)

    async def post(self, text: str, reply_to_id: str | None) -> Outcome:
        """Publish a post: one try, no retry. See `reply`."""
        target = {} if reply_to_id is None else {"in_reply_to_tweet_id": reply_to_id}
        try:
            body = await self._client.create_tweet(text=text, **target)
        except CallFailed as failure:
            log.info("a post was not taken: %s", failure)
            return post_outcome(failure, self._clock.now())
        return _posted(body)

    async def find_post(
        self, account: Account, text: str, reply_to_id: str | None, since: datetime
    ) -> Finding:
        """Look for that post among the account's posts since then."""
        return await find_own_post(self._client, self._clock, account, text, reply_to_id, since)

    async def delete_post(self, post_id: str) -> Outcome:
        """Delete a post; one that is gone already counts as deleted."""
        try:
            await self._client.delete_tweet(post_id)
        except CallFailed as failure:
            if isinstance(failure, Refusal) and failure.status == HTTPStatus.NOT_FOUND:
                return Done({"id": post_id})
            return post_outcome(failure, self._clock.now())
        return Done({"id": post_id})

    async def audience(self, account: Account) -> int | None:
        """Return the number of followers. Raises SourceError, also where the keys may only read."""
        with source_errors(self._clock):
            response = await self._client.request(
                "GET", f"/2/users/{account.id}", {"user.fields": "public_metrics"}
            )
            body = mapping_of(response.parsed())
        if "write" not in response.headers.get("x-access-level", "write"):
            raise SourceError(SourceFault.REFUSED, READ_ONLY)
        metrics = mapping_of(mapping_of(body.get("data")).get("public_metrics"))
        followers = metrics.get("followers_count")
        return followers if isinstance(followers, int) else None

    async def missing_posts(self, post_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these posts X reports as deleted, or as hidden from us. Raises SourceError.

        A post that X merely omits does not count as deleted: deleted posts are redacted here irreversibly.
        """
        valid_ids = [post_id for post_id in post_ids if is_id(post_id)]
        found: set[str] = set()
        for start in range(0, len(valid_ids), MAX_LOOKUP):
            ids = valid_ids[start : start + MAX_LOOKUP]
            with source_errors(self._clock):
                body = await self._client.get_tweets(ids)
            found |= _gone_in(body) & set(ids)
        return frozenset(found)

    async def picture(self, url: str) -> bytes:
        """Fetch a picture of a post, unsigned; raises SourceError. See `domain.networks.SocialNetwork`."""
        with source_errors(self._clock):
            return await self._client.fetch(url, MAX_FILE_SIZE)

    async def probe(self, *, direct: bool) -> list[CheckLine]:
        """Check keys, permissions, clock and mentions, and direct messages where `direct`."""
        return await probe(self._client, self._clock, direct=direct)

    def _mentions(self, account: Account) -> Timeline:
        call = partial(self._client.read, vocabulary.MENTIONS, f"/2/users/{account.id}/mentions")
        return self._timeline(call, "pagination_token", account, "mention", MAX_MENTIONS)

    def _timeline(
        self, call: Call, token_name: str, account: Account, found_by: str, max_posts: int
    ) -> Timeline:
        return Timeline(
            call=call,
            token_name=token_name,
            account=account,
            found_by=found_by,
            api_url=self._client.base_url,
            max_posts=max_posts,
            now=self._clock.now(),
        )


def _posted(body: object) -> Outcome:
    """Return the outcome of a new post or reply that X answered with success."""
    data = body.get("data") if isinstance(body, dict) else None
    post_id = own_id(data.get("id")) if isinstance(data, dict) else None
    if post_id is None:
        return Unknown("X answered with success, but without the new post's id")
    return Done({"id": post_id, "url": parsing.post_url(post_id)})


def _account_in(body: object) -> Account:
    try:
        return parsing.account_in(body)
    except parsing.Malformed as error:
        raise Unreadable(f"X does not say whose keys these are: {error}") from None


def _gone_in(body: object) -> set[str]:
    """Return the ids that `errors` reports as not found or not visible."""
    errors = items(body.get("errors")) if isinstance(body, dict) else []
    of_posts = (e for e in errors if e.get("resource_type", "post") in _POST_RESOURCES)
    reported = [
        e.get("resource_id") or e.get("value") for e in of_posts if str(e.get("type")).endswith(_GONE)
    ]
    return {post_id for post_id in reported if is_id(post_id)}
