"""Build the Starlette app: Slack's request URL in HTTP mode, customers' pages, and the health check."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.web.body_limits import BodyLimit
from handlers.web.slack_requests import SlackRequests

SLACK_PATH = "/slack/events"

Health = Callable[[], Awaitable[dict[str, Any]]]


def web_app(health: Health, slack: SlackRequests | None, pages: Sequence[BaseRoute] = ()) -> Starlette:
    """Build the app. `slack` is `None` in Socket Mode: there is no request URL then.

    `pages` limit the size of their request bodies themselves. `/health` answers 200 or 503.
    """

    async def on_health(_request: Request) -> Response:
        state = await health()
        return JSONResponse(state, status_code=200 if state["ok"] else 503)

    limited = [Middleware(BodyLimit)]
    routes: list[BaseRoute] = [Route("/health", on_health, middleware=limited)]
    if slack is not None:
        routes.append(Route(SLACK_PATH, slack.answer, methods=["POST"], middleware=limited))
    return Starlette(routes=[*routes, *pages])
