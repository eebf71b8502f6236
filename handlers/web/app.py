"""The web side: Slack's requests in HTTP mode, and whether the bot is well."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handlers.web.bodies import BodyLimit
from handlers.web.slack_requests import SlackRequests

SLACK_PATH = "/slack/events"

Health = Callable[[], Awaitable[dict[str, Any]]]


def web_app(health: Health, slack: SlackRequests | None) -> Starlette:
    """`slack` is `None` in Socket Mode: nothing is taken from outside then."""

    async def on_health(_request: Request) -> Response:
        state = await health()
        return JSONResponse(state, status_code=200 if state["ok"] else 503)

    routes = [Route("/health", on_health)]
    if slack is not None:
        routes.append(Route(SLACK_PATH, slack.answer, methods=["POST"]))
    return Starlette(routes=routes, middleware=[Middleware(BodyLimit)])
