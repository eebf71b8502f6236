"""The demo page's direct message API: a customer's inbox, and writing to the brand.

POST answers the message as the page shows it, or `{"error": …}` with 400 or 404.
"""

from typing import Any

from aiohttp import web

from sandbox.page.json_bodies import body_of
from sandbox.x.direct import TEXT_LENGTH, Media
from sandbox.x.network import XNetwork
from sandbox.x.posts import Account
from sandbox.x.timeline import person
from sandbox.x.ui import PICTURES, picture_of, username_of

Json = dict[str, Any]


def add_routes(app: web.Application, network: XNetwork) -> None:
    """Mount /ui/x/dm…."""

    async def inbox(request: web.Request) -> web.Response:
        """Return the conversation of `?username=`, and all customers who have one.

        It is empty where nobody has that name.
        """
        found = network.accounts.find(request.query.get("username", ""))
        messages = [network.direct.page_json(m) for m in network.direct.between(found)] if found else []
        return web.json_response(
            {
                "brand": person(network.brand),
                "customers": [person(one) for one in network.direct.customers()],
                "open": bool(found and found.dms_open),
                "messages": messages,
            }
        )

    async def write(request: web.Request) -> web.Response:
        try:
            body = body_of(await request.read())
            text, media = _content(network, body)
            written = network.direct.receive(_customer(network, body), text, *media)
        except ValueError as wrong:
            return web.json_response({"error": str(wrong)}, status=400)
        return web.json_response(network.direct.page_json(written))

    async def set_open_to_all(request: web.Request) -> web.Response:
        try:
            body = body_of(await request.read())
            customer = _customer(network, body)
        except ValueError as wrong:
            return web.json_response({"error": str(wrong)}, status=400)
        network.direct.set_open_to_all(customer, everybody=bool(body.get("open")))
        return web.json_response({"open": customer.dms_open})

    async def picture(request: web.Request) -> web.Response:
        found = network.direct.media.get(request.match_info["media"])
        if found is None:
            return web.json_response({"error": "This picture is not there."}, status=404)
        shown = found.media_type if found.media_type in PICTURES else "application/octet-stream"
        safe = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
        return web.Response(body=found.content, content_type=shown, headers=safe)

    app.router.add_get("/ui/x/dm", inbox)
    app.router.add_post("/ui/x/dm", write)
    app.router.add_post("/ui/x/dm/open", set_open_to_all)
    app.router.add_get("/ui/x/dm/media/{media}", picture)


def _customer(network: XNetwork, body: Json) -> Account:
    return network.accounts.get(username_of(network, body), str(body.get("name") or ""))


def _content(network: XNetwork, body: Json) -> tuple[str, list[Media]]:
    """Parse the text and the picture of a message, of which one may be missing. Raises ValueError."""
    text, picture = body.get("text") or "", body.get("picture")
    if not isinstance(text, str) or len(text) > TEXT_LENGTH or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("A message has at most 10,000 characters, all of them whole.")
    if picture is None and not text.strip():
        raise ValueError("Write something, or attach a picture.")
    return text.strip(), [] if picture is None else [picture_of(network, picture)]
