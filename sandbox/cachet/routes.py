"""Cachet's API over HTTP (JSON:API), as version 3 mounts it at /api."""

import hmac
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.cachet.page import API_KEY, CachetPage, Invalid, Json

KINDS = ("incidents", "schedules")
USUAL_SIZE = 15
MAX_SIZE = 1000

Act = Callable[[CachetPage, web.Request], Awaitable[Json | None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application, page: CachetPage) -> None:
    """Mount the API at /cachet/api/…, and the public pages of incidents."""
    mounted: list[tuple[str, str, Act, int]] = [
        ("GET", "/components", _list_components, 200),
        ("PUT", "/components/{component}", _change_component, 200),
    ]
    for kind in KINDS:
        entry, updates = f"/{kind}/{{entry}}", f"/{kind}/{{entry}}/updates"
        mounted += [
            ("GET", f"/{kind}", _of(kind, _list), 200),
            ("POST", f"/{kind}", _of(kind, _create), 201),
            ("PUT", entry, _of(kind, _change), 200),
            ("DELETE", entry, _of(kind, _delete), 204),
            ("GET", updates, _of(kind, _list_updates), 200),
            ("POST", updates, _of(kind, _add_update), 201),
            ("PUT", f"{updates}/{{update}}", _of(kind, _change_update), 200),
            ("DELETE", f"{updates}/{{update}}", _of(kind, _delete_update), 204),
        ]
    app.router.add_get("/cachet/incidents/{guid}", _public(page))
    for method, path, act, status in mounted:
        app.router.add_route(method, f"/cachet/api{path}", _guarded(page, f"{method} {path}", act, status))


def _public(page: CachetPage) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        guid = request.match_info["guid"]
        found = next((one for one in page.entries["incidents"].values() if one["guid"] == guid), None)
        if found is None or not found["visible"]:
            raise web.HTTPNotFound
        body = [found["name"], *(one["message"] for one in (found, *found["updates"]))]
        return web.Response(text="\n\n".join(body))

    return handle


def _of(kind: str, act: Callable[[CachetPage, web.Request, str], Awaitable[Json | None]]) -> Act:
    async def of_kind(page: CachetPage, request: web.Request) -> Json | None:
        return await act(page, request, kind)

    return of_kind


def _guarded(page: CachetPage, call: str, act: Act, status: int) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await page.faults.guard(f"cachet:{call}", request, lambda: _answer(page, request, act, status))

    return handle


async def _answer(page: CachetPage, request: web.Request, act: Act, status: int) -> web.Response:
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {API_KEY}".encode()):
        return web.json_response({"message": "Unauthenticated."}, status=401)
    if not page.admits_call():
        headers = {"Retry-After": "60"}
        return web.json_response({"message": "Too Many Attempts."}, status=429, headers=headers)
    try:
        body = await act(page, request)
    except (KeyError, ValueError):
        return web.json_response({"message": "Not Found"}, status=404)
    except Invalid as invalid:
        body = {"message": str(invalid), "errors": invalid.errors}
        return web.json_response(body, status=422)
    return web.Response(status=204) if body is None else web.json_response(body, status=status)


async def _list_components(page: CachetPage, request: web.Request) -> Json:
    return _page_of([_resource("components", one, one) for one in page.components.values()], request)


async def _change_component(page: CachetPage, request: web.Request) -> Json:
    changed = page.change_component(int(request.match_info["component"]), await _body(request))
    return {"data": _resource("components", changed, changed)}


async def _list(page: CachetPage, request: web.Request, kind: str) -> Json:
    wanted = request.query.get("filter[name]", "").casefold()
    # The filter finds a part of the name.
    found = [one for one in page.entries[kind].values() if wanted in one["name"].casefold()]
    return _page_of([_entry(kind, one) for one in reversed(found)], request)


async def _create(page: CachetPage, request: web.Request, kind: str) -> Json:
    return {"data": _entry(kind, page.create(kind, await _body(request)))}


async def _change(page: CachetPage, request: web.Request, kind: str) -> Json:
    return {"data": _entry(kind, page.change(kind, _id(request), await _body(request)))}


async def _delete(page: CachetPage, request: web.Request, kind: str) -> None:
    page.delete(kind, _id(request))


async def _list_updates(page: CachetPage, request: web.Request, kind: str) -> Json:
    return _page_of([_update(one) for one in page.entries[kind][_id(request)]["updates"]], request)


async def _add_update(page: CachetPage, request: web.Request, kind: str) -> Json:
    return {"data": _update(page.add_update(kind, _id(request), await _body(request)))}


async def _change_update(page: CachetPage, request: web.Request, kind: str) -> Json:
    update_id = int(request.match_info["update"])
    return {"data": _update(page.change_update(kind, _id(request), update_id, await _body(request)))}


async def _delete_update(page: CachetPage, request: web.Request, kind: str) -> None:
    page.delete_update(kind, _id(request), int(request.match_info["update"]))


def _id(request: web.Request) -> int:
    return int(request.match_info["entry"])


async def _body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read())
    except ValueError:
        body = None
    if not isinstance(body, dict) or request.content_type != "application/json":
        raise Invalid(message="The message field is required.")
    return body


def _page_of(listed: list[Json], request: web.Request) -> Json:
    size = min(int(request.query.get("per_page", USUAL_SIZE)), MAX_SIZE)
    number = int(request.query.get("page", 1))
    return {"data": listed[(number - 1) * size : number * size], "meta": {"current_page": number}}


def _entry(kind: str, entry: Json) -> Json:
    body = {key: entry[key] for key in ("guid", "name", "message", "visible", "notifications")}
    return _resource(kind, entry, body | {"status": _status(entry["status"]), **_created(entry)})


def _update(update: Json) -> Json:
    body = {"message": update["message"], **_created(update)}
    if update["status"] is not None:
        body["status"] = _status(update["status"])
    return _resource("updates", update, body)


def _status(value: object) -> Json:
    return {"human": str(value), "value": value}


def _created(made: Json) -> Json:
    return {"created": {"human": "now", "string": made["created_at"].strftime("%Y-%m-%d %H:%M:%S")}}


def _resource(kind: str, given: Json, attributes: Json) -> Json:
    return {"id": str(given["id"]), "type": kind, "attributes": {"id": given["id"], **attributes}}
