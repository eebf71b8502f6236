"""Hear of posts by X's Activity API: a stream of events, which we hold open (docs.x.com, "X Activity API").

Of an event only the post's id is used: the post is then looked up, with all that a poll asks for.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from http import HTTPStatus

import aiohttp

from adapters.http_calls import CallFailed, NoResponse, Unreadable
from adapters.networks.x import ids
from adapters.networks.x.call_failures import Refusal
from adapters.networks.x.client import Client
from adapters.networks.x.diagnostics import probe_push
from adapters.networks.x.errors import source_errors
from adapters.networks.x.json_values import items, mapping_of
from adapters.networks.x.parsing import Includes, Malformed, post_of
from adapters.networks.x.vocabulary import LOOKUP, Json
from domain.accounts import Account
from domain.clock import Clock
from domain.diagnostics import CheckLine
from domain.intake.posts import Page

log = logging.getLogger(__name__)

SUBSCRIPTIONS = "/2/activity/subscriptions"
MENTIONED = "post.mention.create"
#: A post that mentions the account in its words, that answers a post of its own, or that quotes one.
EVENT_TYPES = (MENTIONED, "post.reply.create", "post.quote.create")
MAX_LOOKUP = 100  # ids in one call
#: How X says that it does not tell of a kind of event: a version that has none, or a plan without it.
_UNKNOWN_OR_NOT_OURS = (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
SILENCE_SECONDS = 60.0  # X sends an empty line every 20 s; docs.x.com, "Consuming streaming data"
UNUSED_SECONDS = 30.0  # until a connection is closed on which nobody waits: its events are charged for
MAX_LINE_BYTES = 1024 * 1024


class XPostEvents:
    """Implements `domain.intake.post_events.PostEvents`."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._stream: aiohttp.ClientResponse | None = None
        self._received = bytearray()
        self._heard_at = 0.0
        self._is_subscribed = False
        self._unused: asyncio.TimerHandle | None = None

    async def wait(self, account: Account, seconds: float) -> Sequence[str]:
        """Wait for events; see `PostEvents`. A connection that ended is opened again by the next call."""
        if self._unused is not None:
            self._unused.cancel()
        with source_errors(self._clock):
            try:
                return await self._wait(account, seconds)
            except CallFailed:
                self.close()
                raise
            finally:
                self._unused = asyncio.get_running_loop().call_later(UNUSED_SECONDS, self.close)

    async def posts(self, account: Account, post_ids: Sequence[str]) -> Page:
        """Look the posts up; see `PostEvents`."""
        found, skipped = [], []
        for start in range(0, len(post_ids), MAX_LOOKUP):
            listed = ",".join(post_ids[start : start + MAX_LOOKUP])
            with source_errors(self._clock):
                body = await self._client.read(LOOKUP, "/2/tweets", ids=listed)
            includes = Includes.of(body, self._client.base_url)
            for post in items(body.get("data")):
                try:
                    found.append(post_of(post, includes, account, "mention", self._clock.now()))
                except Malformed as error:
                    log.warning("a pushed post of X is skipped: %s", error)
                    skipped.append(str(post.get("id")))
        found.sort(key=lambda post: int(post.revision_id))
        return Page(posts=tuple(found), newest_id=None, skipped=tuple(skipped))

    async def probe(self) -> CheckLine:
        """Check that events can be heard."""
        return await probe_push(self._client, self._clock)

    def close(self) -> None:
        """Close the connection."""
        if self._stream is not None:
            self._stream.close()
        self._stream = None
        self._received.clear()

    async def _wait(self, account: Account, seconds: float) -> list[str]:
        loop = asyncio.get_running_loop()
        if self._stream is None:
            await self._subscribe(account)
            self._stream = await self._client.open_stream()
            self._heard_at = loop.time()
            log.info("X tells of posts by its Activity API")
        try:
            async with asyncio.timeout(seconds):
                while not (post_ids := self._take_post_ids()):
                    await self._receive(self._stream)
        except TimeoutError:
            if loop.time() - self._heard_at > SILENCE_SECONDS:
                raise NoResponse("X's Activity API has fallen silent") from None
            return []
        return post_ids

    async def _receive(self, stream: aiohttp.ClientResponse) -> None:
        try:
            received = await stream.content.readany()
        except (aiohttp.ClientError, OSError) as error:
            raise NoResponse(f"the stream of X's Activity API was lost ({type(error).__name__})") from None
        if not received:
            raise NoResponse("X ended the stream of its Activity API")
        self._heard_at = asyncio.get_running_loop().time()
        self._received += received
        if len(self._received) > MAX_LINE_BYTES:
            raise Unreadable("X's Activity API sends a line without end")

    def _take_post_ids(self) -> list[str]:
        """Take the whole lines that were received; return the ids that they tell of."""
        *lines, rest = bytes(self._received).split(b"\n")
        self._received = bytearray(rest)
        found = [post_id for line in lines if line.strip() for post_id in _ids_in(line)]
        return list(dict.fromkeys(found))

    async def _subscribe(self, account: Account) -> None:
        """Subscribe to what the account is not subscribed to, once."""
        if self._is_subscribed:
            return
        body = mapping_of((await self._client.request("GET", SUBSCRIPTIONS)).parsed())
        subscribed = [one.get("event_type") for one in items(body.get("data")) if _is_of(one, account)]
        for event_type in EVENT_TYPES:
            if event_type not in subscribed:
                await self._subscribe_to(event_type, account)
        self._is_subscribed = True

    async def _subscribe_to(self, event_type: str, account: Account) -> None:
        wanted = {"event_type": event_type, "filter": {"user_id": account.id}}
        try:
            await self._client.request("POST", SUBSCRIPTIONS, json=wanted)
        except Refusal as refusal:
            if refusal.status not in _UNKNOWN_OR_NOT_OURS or event_type == MENTIONED:
                raise
            log.info("X's Activity API does not tell of %s: %s", event_type, refusal)


def _is_of(subscription: Json, account: Account) -> bool:
    """Return whether it tells of all posts about the account: a keyword or direction leaves some out."""
    wanted = mapping_of(subscription.get("filter"))
    return (
        wanted.get("user_id") == account.id
        and not wanted.get("keyword")
        and wanted.get("direction") in (None, "", "inbound")
    )


def _ids_in(line: bytes) -> list[str]:
    """Return the id of the post that an event tells of; raises NoResponse where X says why it ends."""
    try:
        said = mapping_of(json.loads(line))
    except (ValueError, RecursionError):
        log.warning("X's Activity API sent a line that is not JSON")
        return []
    event = mapping_of(said.get("data"))
    if not event and (errors := items(said.get("errors"))):
        raise NoResponse(f"X ended the stream of its Activity API: {errors[0].get('detail')}"[:200])
    if event.get("event_type") not in EVENT_TYPES:
        return []
    post_id = mapping_of(event.get("payload")).get("id")
    return [post_id] if ids.is_id(post_id) else []
