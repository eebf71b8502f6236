"""Serve a small second network over HTTP: mentions, search, replies, direct messages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.faults import Faults

BRAND = {"id": "t-1", "handle": "acme_in_town", "name": "Acme in Town"}


@dataclass
class Town:
    """State of the network. Ids are ascending numbers, which soon gain a digit."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    own: list[dict[str, Any]] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def post(self, author: str, text: str) -> str:
        """Add a post; return its id."""
        return _put(self.posts, author=author, text=text)

    def write(self, author: str, text: str) -> str:
        """Add a direct message to the brand; return its id."""
        return _put(self.messages, sender=author, to=BRAND["id"], text=text)

    def app(self) -> web.Application:
        """Build the network's HTTP API."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/me", self._me),
                web.get("/mentions", self._mentions),
                web.get("/posts", self._posts),
                web.get("/replies", self._replies),
                web.post("/replies", self._reply),
                web.get("/messages", self._messages),
                web.post("/messages", self._message),
                web.get("/followers", self._followers),
                web.get("/own", self._own),
                web.post("/own", self._publish),
                web.delete("/own/{id}", self._delete),
            ]
        )
        return app

    async def _me(self, _request: web.Request) -> web.Response:
        return web.json_response(BRAND)

    async def _mentions(self, request: web.Request) -> web.Response:
        name = f"@{BRAND['handle']}"
        return web.json_response([post for post in _since(self.posts, request) if name in post["text"]])

    async def _posts(self, request: web.Request) -> web.Response:
        query = request.query.get("query", "")
        return web.json_response([p for p in _since(self.posts, request) if _matches(p["text"], query)])

    async def _replies(self, request: web.Request) -> web.Response:
        return web.json_response(_since(self.replies, request))

    async def _reply(self, request: web.Request) -> web.Response:
        given = await request.json()
        if not any(post["id"] == given["to"] for post in self.posts):
            raise web.HTTPNotFound
        return web.json_response({"id": _put(self.replies, to=given["to"], text=given["text"])})

    async def _messages(self, request: web.Request) -> web.Response:
        return web.json_response(_since(self.messages, request))

    async def _message(self, request: web.Request) -> web.Response:
        given = await request.json()
        return web.json_response(
            {"id": _put(self.messages, sender=BRAND["id"], to=given["to"], text=given["text"])}
        )

    async def _followers(self, _request: web.Request) -> web.Response:
        return web.json_response({"followers": 40})

    async def _own(self, request: web.Request) -> web.Response:
        return web.json_response(_since(self.own, request))

    async def _publish(self, request: web.Request) -> web.StreamResponse:
        async def act() -> web.Response:
            given = await request.json()
            return web.json_response({"id": _put(self.own, to=given["to"], text=given["text"])})

        return await self.faults.guard("town:POST /own", request, act)

    async def _delete(self, request: web.Request) -> web.Response:
        self.own = [one for one in self.own if one["id"] != request.match_info["id"]]
        return web.json_response({})


@asynccontextmanager
async def a_town() -> AsyncIterator[tuple[Town, str]]:
    """Serve a town while the block runs; yield it with its base URL."""
    town = Town()
    runner = web.AppRunner(town.app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield town, site.name if not site.name.endswith(":0") else _address(runner)
    finally:
        await runner.cleanup()


def _address(runner: web.AppRunner) -> str:
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"


def _put(held: list[dict[str, Any]], **values: Any) -> str:  # noqa: ANN401 - any of the fields
    number = str(len(held) + 98)
    held.append({"id": number, "at": datetime.now(UTC).isoformat(), **values})
    return number


def _matches(text: str, query: str) -> bool:
    """Whether the text has one of the query's terms and none of those with a minus."""
    words = query.split("|")
    terms = [word for word in words if not word.startswith("-")]
    return any(term in text for term in terms) and not any(
        word[1:] in text for word in words if word not in terms
    )


def _since(held: list[dict[str, Any]], request: web.Request) -> list[dict[str, Any]]:
    since = int(request.query.get("since", 0))
    return [one for one in held if int(one["id"]) > since]
