"""Build the Starlette app: Slack's request URL in HTTP mode, customers' pages, and the health checks."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from handlers.web.body_limits import BodyLimit
from handlers.web.security_headers import SecurityHeaders
from handlers.web.slack_requests import SlackRequests

SLACK_PATH = "/slack/events"


def web_app(slack: SlackRequests | None, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """Build the app. `slack` is `None` in Socket Mode: there is no request URL then.

    `routes` are the others, which limit the size of their request bodies themselves.
    """
    headers = [Middleware(SecurityHeaders)]
    if slack is None:
        return Starlette(routes=routes, middleware=headers)
    request_url = Route(SLACK_PATH, slack.answer, methods=["POST"], middleware=[Middleware(BodyLimit)])
    return Starlette(routes=[request_url, *routes], middleware=headers)
