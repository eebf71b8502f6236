"""Compare every request that we make with X's published documents, whichever version of its API X speaks.

`sandbox/x/api_facts.json` holds what the documents say of the calls that we use; `make_api_facts.py` there
draws it anew.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.networks.x import X
from domain.delivery.outcomes import Done
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.x import XNetwork, add_routes
from sandbox.x.api_facts import POSTS, TWEETS, versions
from tests.adapters.networks.x.direct_messages import PNG, a_picture, an_outgoing_message
from tests.adapters.networks.x.servers import ACME, adapter_at

GIF = b"GIF89a" + bytes(64)
#: What is no call of this API: pictures, and the app's token.
NOT_THE_API = re.compile(r"/x/(1\.1|media|oauth2)/.*")
SAYS_NO_MORE = {"max_results", "since_id", "start_time", "pagination_token", "next_token"}


@dataclass(frozen=True, slots=True)
class Received:
    """A request as the server received it; `is_refused` where it answered that the request is wrong."""

    call: str
    query: dict[str, str]
    body: Any
    is_refused: bool

    @property
    def asks_for(self) -> dict[str, str]:
        """The fields and expansions."""
        return {name: value for name, value in self.query.items() if name not in SAYS_NO_MORE}


@dataclass
class Watched:
    """An adapter, the X that it speaks to, and the requests that were received."""

    x: X
    network: XNetwork
    received: list[Received] = field(default_factory=list)

    def last(self, call: str) -> Received:
        return next(one for one in reversed(self.received) if one.call == call)


def call_of(request: web.Request) -> str:
    """Return the name of the call in the facts."""
    for call in versions()[POSTS].calls:
        method, _, route = call.partition(" ")
        path = re.sub(r":\w+", "[^/]+", route)
        if request.method == method and re.fullmatch(f"/x{path}", request.path):
            return call
    raise AssertionError(f"X has no call {request.method} {request.path}")


@asynccontextmanager
async def watched_x(*spoken: str) -> AsyncIterator[Watched]:
    network = XNetwork(Ledger(), Faults())
    network.api_versions = frozenset(spoken)
    received: list[Received] = []

    @web.middleware
    async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await request.json() if request.content_type == "application/json" else None
        response: web.StreamResponse = await handler(request)
        if not NOT_THE_API.fullmatch(request.path):
            is_refused = response.status == web.HTTPBadRequest.status_code
            received.append(Received(call_of(request), dict(request.query), body, is_refused))
        return response

    app = new_app()
    app.middlewares.append(watch)
    add_routes(app, network)
    async with serving(app) as where, adapter_at(f"{where}/x") as x:
        yield Watched(x, network, received)


async def do_everything(watched: Watched) -> None:
    """Make each call that the adapter can make, some twice."""
    x, network = watched.x, watched.network
    picture = network.direct.add_media("a.png", "image/png", PNG)
    ana = network.accounts.get("anaruiz", "Ana Ruiz")
    post = network.post(ana, "@acme it is broken", media=[picture])
    network.post(ana, "about acme", quotes=post.id)
    network.direct.receive(ana, "hello", picture)
    account = await x.account()
    since = datetime.now(UTC) - timedelta(hours=1)
    for cursor in (None, "1"):
        await x.mentions(account, cursor)
        await x.search(account, "acme", cursor)
    await x.recent_mentions(account, since)
    assert isinstance(await x.reply("Sorry!", post.id), Done)
    assert isinstance(await x.find_reply(account, "Sorry!", post.id, since), Done)
    await x.post("All is well", None)
    await x.find_post(account, "All is well", None, since)
    await x.delete_post(network.by_author[ACME.id][-1].id)
    await x.audience(account)
    await x.missing_posts([post.id, "17"])
    inbox = await x.direct.read(account, "1")
    for attachments in inbox.attached.values():
        for attachment in attachments:
            await x.direct.fetch(attachment)
    for content, kind in ((PNG, "image/png"), (GIF, "image/gif")):
        file = a_picture(content=content, size=len(content), media_type=kind)
        sent = await x.direct.send(an_outgoing_message(f"see {kind}", address=ana.id, files=[file]))
        assert isinstance(sent, Done)
    assert isinstance(await x.direct.send(an_outgoing_message("words alone", address=ana.id)), Done)
    assert isinstance(await x.direct.find(an_outgoing_message("words alone", address=ana.id), since), Done)
    await x.probe(direct=True)
    await x.events.probe()
    await x.events.wait(account, 0.02)
    await x.events.posts(account, [post.id])


@pytest.mark.parametrize("spoken", [TWEETS, POSTS])
async def test_every_request_is_as_x_publishes_it(spoken: str) -> None:
    """What a version refuses is what the other one has, and is asked once for each kind of read."""
    other = {TWEETS: POSTS, POSTS: TWEETS}[spoken]
    async with watched_x(spoken) as watched:
        await do_everything(watched)
    assert {one.call for one in watched.received} >= {
        "GET /2/users/:id/mentions", "GET /2/tweets/search/recent", "GET /2/users/:id/tweets", "GET /2/dm_events",
        "GET /2/dm_conversations/with/:participant_id/dm_events", "POST /2/media/upload", "POST /2/tweets",
        "GET /2/activity/stream", "POST /2/activity/subscriptions",
    }  # fmt: skip
    for one in watched.received:
        document = versions()[other if one.is_refused else spoken]
        assert document.fault(one.call, one.query) is None, one
        assert one.body is None or document.body_fault(one.call, one.body) is None, one
    refused = [(one.call, str(one.body)) for one in watched.received if one.is_refused]
    assert len(refused) == len(set(refused))
    assert spoken == TWEETS or not refused, "the newer names are asked first"


@pytest.mark.parametrize("spoken", [TWEETS, POSTS])
async def test_check_reads_with_what_a_run_reads_with(spoken: str) -> None:
    reads = ("GET /2/users/me", "GET /2/users/:id/mentions", "GET /2/dm_events")
    async with watched_x(spoken) as checked:
        assert all(line.ok for line in await checked.x.probe(direct=True))
    async with watched_x(spoken) as running:
        account = await running.x.account()
        await running.x.mentions(account, None)
        await running.x.direct.read(account, None)
    for call in reads:
        assert checked.last(call).asks_for == running.last(call).asks_for
        assert checked.last(call).query.keys() >= running.last(call).asks_for.keys()
