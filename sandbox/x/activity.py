"""X's Activity API: subscriptions to events, and the stream that they are sent on, a line of JSON each.

Of the events only those of posts are simulated: a post mentions the brand in its words, answers or quotes a
post of the brand's. The shape is that of docs.x.com, "X Activity API event payload examples".
"""

import asyncio
import itertools
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.x import api_facts, fields, problems, render, wording
from sandbox.x.oauth import authenticate, gives_app_token
from sandbox.x.posts import Post, timestamp

if TYPE_CHECKING:
    from sandbox.x.network import XNetwork

STREAM = "GET /2/activity/stream"
SUBSCRIBE = "POST /2/activity/subscriptions"
WAITING_AT_MOST = 1000
MENTIONED, ANSWERED, QUOTED = "post.mention.create", "post.reply.create", "post.quote.create"
_SHOWN = fields.RequestedFields(
    frozenset({"id", "text", "author_id", "created_at", "conversation_id", "edit_history_tweet_ids", "lang"}),
    frozenset(),
    frozenset(),
)

_GRANT = "client_credentials"

Body = dict[str, Any]


class Activity:
    """The subscriptions of the app, and its open streams; `heartbeat_seconds` between empty lines."""

    def __init__(self, network: "XNetwork") -> None:
        self.subscriptions: list[Body] = []
        self.heartbeat_seconds = 20.0
        self._network = network
        self._streams: set[asyncio.Queue[str | None]] = set()
        self._numbers = itertools.count(1)

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    def publish(self, post: Post) -> None:
        """Send the events of a new post to all open streams."""
        for subscription in self.subscriptions:
            account_id = subscription["filter"].get("user_id")
            if subscription["event_type"] in self._kinds(post, account_id):
                self._send(self._event(post, subscription))

    def end(self, detail: str = "") -> None:
        """End all streams, as X does now and then; with a reason where one is given."""
        if detail:
            self._send({"errors": [{"title": "operational-disconnect", "detail": detail}]})
        for queue in self._streams:
            queue.put_nowait(None)

    def subscribe(self, wanted: Body) -> Body:
        """Add a subscription."""
        now = timestamp(self._network.clock())
        made = {**wanted, "subscription_id": str(next(self._numbers)), "created_at": now, "updated_at": now}
        self.subscriptions.append(made)
        return made

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Serve one stream, to a caller with the app's bearer token alone."""
        try:
            if authenticate(request, self._network.keys):
                raise problems.forbidden("This endpoint takes the app's bearer token.")
            headers = self._network.limits.spend(STREAM)
        except problems.Problem as problem:
            return problem.response()
        queue: asyncio.Queue[str | None] = asyncio.Queue(WAITING_AT_MOST)
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        self._streams.add(queue)
        try:
            while True:
                try:
                    line = await asyncio.wait_for(queue.get(), self.heartbeat_seconds)
                except TimeoutError:
                    line = ""
                if line is None:
                    return response
                await response.write(f"{line}\r\n".encode())
        except ConnectionResetError:
            return response
        finally:
            self._streams.discard(queue)

    def _kinds(self, post: Post, account_id: str) -> set[str]:
        posts, account = self._network.posts, self._network.accounts.by_id.get(account_id)
        if account is None or post.author is account or post.retweets is not None:
            return set()
        names = {name.lower() for name in wording.mentions_in(post.text)}
        concerned = {
            MENTIONED: account.username.lower() in names,
            ANSWERED: post.reply_to is not None and posts[post.reply_to].author is account,
            QUOTED: post.quotes is not None and posts[post.quotes].author is account,
        }
        return {kind for kind, holds in concerned.items() if holds}

    def _event(self, post: Post, subscription: Body) -> Body:
        body = render.tweet(post, _SHOWN, self._network.posts, self._network.accounts)
        return {
            "data": {
                "event_uuid": str(next(self._numbers)),
                "filter": subscription["filter"],
                "event_type": subscription["event_type"],
                "payload": body,
                "includes": {},
            }
        }

    def _send(self, event: Body) -> None:
        for queue in self._streams:
            queue.put_nowait(json.dumps(event))


async def app_token(network: "XNetwork", request: web.Request) -> web.Response:
    """POST /oauth2/token: the app's bearer token, for its key and secret."""
    if not gives_app_token(request, network.keys) or (await request.post()).get("grant_type") != _GRANT:
        return web.json_response(
            {"errors": [{"code": 99, "message": "Unable to verify your credentials"}]}, status=403
        )
    return web.json_response({"token_type": "bearer", "access_token": network.keys.bearer})


async def subscriptions(network: "XNetwork", _request: web.Request) -> Body:
    """GET /2/activity/subscriptions."""
    shown = network.activity.subscriptions
    return {**({"data": shown} if shown else {}), "meta": {"result_count": len(shown)}}


async def subscribe(network: "XNetwork", request: web.Request) -> Body:
    """POST /2/activity/subscriptions.

    Raises Problem: 400 for what no version that is spoken has.
    """
    try:
        wanted = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise problems.invalid_body("Request body is not valid JSON") from None
    spoken = [version for name, version in api_facts.versions().items() if name in network.api_versions]
    faults = [version.body_fault(SUBSCRIBE, wanted) for version in spoken]
    if None not in faults:
        raise problems.invalid_body(str(faults[0]))
    return {"data": {"subscription": network.activity.subscribe(wanted)}}
