"""The page's side of X: the public timeline, its events, and a box to post as a customer."""

import json

from aiohttp import web

from sandbox.x.events import stream
from sandbox.x.network import XNetwork
from sandbox.x.timeline import as_seen, person

TIMELINE_LENGTH = 200
TEXT_LENGTH = 25_000


def add_routes(app: web.Application, network: XNetwork) -> None:
    """Mount /ui/x/…."""

    async def timeline(_request: web.Request) -> web.Response:
        firsts = [p for p in reversed(network.posts.values()) if p.id == p.original_id][:TIMELINE_LENGTH]
        posts = [as_seen(p, network.posts, network.brand) for p in firsts]
        return web.json_response({"brand": person(network.brand), "posts": posts})

    async def events(request: web.Request) -> web.StreamResponse:
        return await stream(request, network.events)

    async def post(request: web.Request) -> web.Response:
        return await _post(network, request)

    async def close(_app: web.Application) -> None:
        network.events.close()

    app.router.add_get("/ui/x/timeline", timeline)
    app.router.add_get("/ui/x/events", events)
    app.router.add_post("/ui/x/post", post)
    app.on_shutdown.append(close)


async def _post(network: XNetwork, request: web.Request) -> web.Response:
    try:
        body = json.loads(await request.read())
        username = str(body["username"]).removeprefix("@").strip()
        text = str(body["text"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return _error("Send JSON with name, username and text.")
    if not username.isascii() or not username.replace("_", "a").isalnum() or len(username) > 15:  # noqa: PLR2004 - X's limit
        return _error("A username has 1 to 15 letters, digits or underscores.")
    if not text.strip() or len(text) > TEXT_LENGTH or any("\ud800" <= c <= "\udfff" for c in text):
        return _error("A post needs a text of at most 25,000 characters.")
    reply_to = body.get("in_reply_to")
    author = network.accounts.get(username, str(body.get("name") or ""))
    try:
        posted = network.post(
            author, text, reply_to=None if reply_to is None else _newest(network, str(reply_to))
        )
    except LookupError:
        return _error("The post you answer is gone.")
    return web.json_response(as_seen(posted, network.posts, network.brand))


def _newest(network: XNetwork, post_id: str) -> str:
    found = network.find(post_id)
    if found is None:
        raise LookupError(post_id)
    return found.history[-1]


def _error(text: str) -> web.Response:
    return web.json_response({"error": text}, status=400)
