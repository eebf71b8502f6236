"""Statuspage's API over HTTP, and the public page that its short links lead to."""

import hmac
import html
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.statuspage.page import API_KEY, PAGE_ID, PAGE_NAME, SUBSCRIBERS, Invalid, Json, StatusPage

MAX_PAGE_SIZE = 100

Act = Callable[[StatusPage, web.Request], Awaitable[object]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def _show_page(_page: StatusPage, _request: web.Request) -> Json:
    return {"id": PAGE_ID, "name": PAGE_NAME}


async def _list_components(page: StatusPage, request: web.Request) -> list[Json]:
    return _part(list(page.components.values()), request, "per_page")


async def _count_subscribers(_page: StatusPage, _request: web.Request) -> Json:
    return dict(SUBSCRIBERS)


async def _list_incidents(page: StatusPage, request: web.Request) -> list[Json]:
    newest_first = list(reversed(page.incidents.values()))
    return [page.shown(one) for one in _part(newest_first, request, "limit")]


async def _create(page: StatusPage, request: web.Request) -> Json:
    return page.create(await _body(request, "incident"), f"{request.scheme}://{request.host}/statuspage/page")


async def _show_incident(page: StatusPage, request: web.Request) -> Json:
    return page.shown(page.incidents[request.match_info["incident"]])


async def _change(page: StatusPage, request: web.Request) -> Json:
    return page.change(request.match_info["incident"], await _body(request, "incident"))


async def _delete(page: StatusPage, request: web.Request) -> Json:
    return page.delete(request.match_info["incident"])


async def _change_update(page: StatusPage, request: web.Request) -> Json:
    names = request.match_info
    body = await _body(request, "incident_update")
    return page.change_update(names["incident"], names["update"], body)


#: name of the call -> (handler, status)
CALLS: dict[str, tuple[Act, int]] = {
    "GET /v1/pages/{page}": (_show_page, 200),
    "GET /v1/pages/{page}/components": (_list_components, 200),
    "GET /v1/pages/{page}/subscribers/count": (_count_subscribers, 200),
    "GET /v1/pages/{page}/incidents": (_list_incidents, 200),
    "POST /v1/pages/{page}/incidents": (_create, 201),
    "GET /v1/pages/{page}/incidents/{incident}": (_show_incident, 200),
    "PATCH /v1/pages/{page}/incidents/{incident}": (_change, 200),
    "DELETE /v1/pages/{page}/incidents/{incident}": (_delete, 200),
    "PATCH /v1/pages/{page}/incidents/{incident}/incident_updates/{update}": (_change_update, 200),
}


def add_routes(app: web.Application, page: StatusPage) -> None:
    """Mount the API at /statuspage/v1/…, and the public page at /statuspage/page."""
    for call, (act, status) in CALLS.items():
        method, _, path = call.partition(" ")
        app.router.add_route(method, f"/statuspage{path}", _guarded(page, call, act, status))
    app.router.add_get("/statuspage/page/{incident}", _public(page))


def _guarded(page: StatusPage, call: str, act: Act, status: int) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await page.faults.guard(
            f"statuspage:{call}", request, lambda: _answer(page, request, act, status)
        )

    return handle


async def _answer(page: StatusPage, request: web.Request, act: Act, status: int) -> web.Response:
    if not hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"OAuth {API_KEY}".encode()
    ):
        return _error(401, "Could not authenticate")
    if not page.admits_call():
        return _error(429, "You have exceeded the rate limit of 60 requests in 60 seconds")
    if request.match_info["page"] != PAGE_ID:
        return _error(404, "Not found")
    try:
        return web.json_response(await act(page, request), status=status)
    except KeyError:
        return _error(404, "Not found")
    except Invalid as invalid:
        return web.json_response({"error": invalid.errors}, status=422)


async def _body(request: web.Request, key: str) -> Json:
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise Invalid("The body is not JSON") from None
    if request.content_type != "application/json" or not isinstance(body, dict):
        raise Invalid("The body is not JSON")
    given = body.get(key)
    if not isinstance(given, dict):
        raise Invalid(f"{key} is missing")
    return given


def _part(listed: list[Json], request: web.Request, size_name: str) -> list[Json]:
    size = min(int(request.query.get(size_name, MAX_PAGE_SIZE)), MAX_PAGE_SIZE)
    start = (int(request.query.get("page", 1)) - 1) * size
    return listed[start : start + size]


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)


def _public(page: StatusPage) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        incident = page.incidents.get(request.match_info["incident"])
        if incident is None:
            raise web.HTTPNotFound
        updates = "".join(
            # The page shows the body as HTML, as Statuspage does.
            f"<h2>{html.escape(one['status'].capitalize())}</h2><p>{one['body']}</p>"
            for one in reversed(incident["incident_updates"])
        )
        title = html.escape(incident["name"])
        text = f"<!doctype html><title>{title}</title><h1>{title}</h1>{updates}"
        return web.Response(text=text, content_type="text/html")

    return handle
