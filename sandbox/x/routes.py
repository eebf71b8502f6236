"""X's API over HTTP: each call passes the injected faults, then is checked, counted, charged and answered."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.x import activity, fields, inbox, messaging, problems, reading, timeline, ui, vocabulary, writing
from sandbox.x.network import XNetwork
from sandbox.x.oauth import authenticate

Act = Callable[[XNetwork, web.Request], Awaitable[dict[str, Any]]]
Serve = Callable[[XNetwork, web.Request], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# name of the call -> (handler, whether it reads posts, whether it needs user context, status)
CALLS: dict[str, tuple[Act, bool, bool, int]] = {
    "GET /2/users/me": (reading.me, False, True, 200),
    "GET /2/users/by/username/:username": (reading.user_by_username, False, False, 200),
    "GET /2/users/:id": (reading.user_by_id, False, False, 200),
    "GET /2/users/:id/mentions": (reading.mentions, True, False, 200),
    "GET /2/users/:id/tweets": (reading.posts_of, True, False, 200),
    "GET /2/tweets/search/recent": (reading.search_recent, True, False, 200),
    "GET /2/tweets": (reading.lookup, True, False, 200),
    "GET /2/tweets/:id": (reading.one_post, True, False, 200),
    "POST /2/tweets": (writing.create, False, True, 201),
    "DELETE /2/tweets/:id": (writing.delete, False, True, 200),
    "GET /2/dm_events": (messaging.events, False, True, 200),
    "GET /2/dm_conversations/with/:participant_id/dm_events": (messaging.events_with, False, True, 200),
    "POST /2/media/upload": (messaging.upload, False, True, 200),
    messaging.SEND: (messaging.send, False, True, 201),
    "GET /2/activity/subscriptions": (activity.subscriptions, False, False, 200),
    activity.SUBSCRIBE: (activity.subscribe, False, True, 200),
}


def add_routes(app: web.Application, network: XNetwork) -> None:
    """Mount the API at /x/2/… and the demo page's API at /ui/x/…."""
    for call in CALLS:
        method, _, path = call.partition(" ")
        route = "/x" + re.sub(r":(\w+)", r"{\1}", path)
        app.router.add_route(method, route, _guarded(network, call))
    app.router.add_get(
        "/x/2/activity/stream",
        _served(network, f"x:{activity.STREAM}", lambda of, asked: of.activity.stream(asked)),
    )
    app.router.add_post("/x/oauth2/token", _served(network, "x:app token", activity.app_token))
    app.router.add_get(messaging.DOWNLOAD_ROUTE, _served(network, "x:dm download", messaging.download))
    app.router.add_get(messaging.MEDIA_ROUTE, _served(network, "x:dm media", messaging.media_of_message))
    app.router.add_get(timeline.MEDIA_ROUTE, _served(network, "x:media", reading.media_of_post))
    app.router.add_route("*", "/x/{unknown:.*}", _unknown)
    ui.add_routes(app, network)
    inbox.add_routes(app, network)


def _guarded(network: XNetwork, call: str) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await network.faults.guard(f"x:{call}", request, lambda: _answer(network, call, request))

    return handle


def _served(network: XNetwork, call: str, serve: Serve) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await network.faults.guard(call, request, lambda: serve(network, request))

    return handle


async def _answer(network: XNetwork, call: str, request: web.Request) -> web.Response:
    act, reads_posts, needs_user, status = CALLS[call]
    headers: dict[str, str] = {}
    try:
        if not authenticate(request, network.keys) and needs_user:
            raise problems.app_only_forbidden()
        headers = {"x-access-level": network.access_level, **network.limits.spend(call)}
        network.meter.admit(reads_posts=reads_posts)
        spent = network.meter.spent
        version, asked = vocabulary.version_of(network, call, request.query)
        request[fields.QUERY] = vocabulary.older_query(version, asked)
        body = vocabulary.newer_answer(version, asked, await act(network, request))
    except problems.Problem as problem:
        problem.headers = {**headers, **problem.headers}
        return problem.response()
    if request.method == "GET":
        dollars = round(network.meter.spent - spent, 4)
        network.ledger.record("x", call, query=dict(request.query), meta=body.get("meta"), dollars=dollars)
    return web.json_response(body, status=status, headers=headers)


async def _unknown(_request: web.Request) -> web.Response:
    return problems.plain(404, "Not Found", "Not Found").response()
