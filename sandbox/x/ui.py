"""The demo page's X API: the public timeline, its events, and posting, editing, deleting as a customer.

POST answers the post as the page shows it, or `{"error": …}` with 400 or 404.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.page.json_bodies import body_of
from sandbox.x.direct import Media
from sandbox.x.events import stream
from sandbox.x.messaging import PICTURE_BYTES
from sandbox.x.network import XNetwork
from sandbox.x.posts import Post
from sandbox.x.timeline import page_json, person

TIMELINE_LENGTH = 200
TEXT_LENGTH = 25_000
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
NAME = re.compile(r"[\w.-]{1,80}")
USERNAME = re.compile(r"\w{1,15}", re.ASCII)


def add_routes(app: web.Application, network: XNetwork) -> None:
    """Mount /ui/x/…."""

    async def timeline(_request: web.Request) -> web.Response:
        firsts = [p for p in reversed(network.posts.values()) if p.id == p.original_id][:TIMELINE_LENGTH]
        posts = [page_json(p, network.posts, network.brand) for p in firsts]
        return web.json_response({"brand": person(network.brand), "posts": posts})

    async def events(request: web.Request) -> web.StreamResponse:
        return await stream(request, network.events)

    def form(path: str, act: Callable[[XNetwork, dict[str, Any]], Post]) -> None:
        async def handle(request: web.Request) -> web.Response:
            try:
                posted = act(network, body_of(await request.read()))
            except LookupError as gone:
                return web.json_response({"error": str(gone)}, status=404)
            except ValueError as wrong:
                return web.json_response({"error": str(wrong)}, status=400)
            return web.json_response(page_json(posted, network.posts, network.brand))

        app.router.add_post(path, handle)

    async def close(_app: web.Application) -> None:
        network.events.close()
        network.activity.end()

    app.router.add_get("/ui/x/timeline", timeline)
    app.router.add_get("/ui/x/events", events)
    form("/ui/x/post", _post)
    form("/ui/x/edit", lambda x, body: x.edit(str(body.get("id")), _text(body)))
    form("/ui/x/delete", lambda x, body: x.delete(str(body.get("id"))))
    app.on_shutdown.append(close)


def username_of(network: XNetwork, body: dict[str, Any]) -> str:
    """Return the username that the page acts as. Raises ValueError."""
    username = str(body.get("username", "")).removeprefix("@").strip()
    if not USERNAME.fullmatch(username) or username.lower() == network.brand.username:
        raise ValueError("A username has 1 to 15 letters, digits or underscores, and is not the brand's.")
    return username


def picture_of(network: XNetwork, picture: object) -> Media:
    """Parse a picture `{"name", "type", "data"}`, its data in base64. Raises ValueError."""
    about = picture if isinstance(picture, dict) else {}
    try:
        content = base64.b64decode(str(about.get("data", "")), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("The picture's data is not base64.") from None
    if not 0 < len(content) <= PICTURE_BYTES:
        raise ValueError("A picture may have 5 MB at most, and must not be empty.")
    media_type = str(about.get("type"))
    if media_type not in PICTURES:
        raise ValueError("X takes PNG, JPEG, GIF and WebP pictures.")
    name = "".join(NAME.findall(str(about.get("name", "")))) or "picture"
    return network.direct.add_media(name[:80], media_type, content)


def _text(body: dict[str, Any]) -> str:
    text = body.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > TEXT_LENGTH:
        raise ValueError("A post needs a text of at most 25,000 characters.")
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("The text has half a character in it.")
    return text


def _post(network: XNetwork, body: dict[str, Any]) -> Post:
    username = username_of(network, body)
    text = _text(body)
    reply_to, quotes = (
        None if body.get(name) is None else _newest(network, str(body[name]))
        for name in ("in_reply_to", "quotes")
    )
    return network.post(
        network.accounts.get(username, str(body.get("name") or "")),
        text,
        reply_to=reply_to,
        quotes=quotes,
        reply_settings=str(body.get("reply_settings") or "everyone"),
        lang=str(body.get("lang") or "und"),
        media=[] if body.get("picture") is None else [picture_of(network, body["picture"])],
    )


def _newest(network: XNetwork, post_id: str) -> str:
    found = network.find(post_id)
    if found is None:
        raise LookupError(f"There is no post {post_id}: it was deleted or never existed.")
    return found.history[-1]
