"""Build the Starlette app: Slack's request URL in HTTP mode, customers' pages, and the health checks."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ExceptionHandler

from adapters.slack.manifest import EVENTS_PATH
from domain.operations.storage_faults import StorageUnavailable
from handlers.web.body_limits import BodyLimit
from handlers.web.not_found import NotFoundPage
from handlers.web.slack_requests import SlackRequests


async def _unavailable(_request: Request, _error: Exception) -> Response:
    """Answer while the database cannot be used: who reads it is a customer, or a program that calls again."""
    text = "This does not work at the moment. Please try again in a few minutes.\n"
    return PlainTextResponse(text, status_code=503, headers={"Retry-After": "60"})


def web_app(
    slack: SlackRequests | None, routes: Sequence[BaseRoute] = (), not_found: NotFoundPage | None = None
) -> Starlette:
    """Build the app. `slack` is `None` in Socket Mode: there is no request URL then.

    `routes` are the others, which limit the size of their request bodies themselves. `not_found` answers
    where there is none.
    """
    handlers: dict[Any, ExceptionHandler] = {StorageUnavailable: _unavailable}
    if not_found is not None:
        handlers[HTTPStatus.NOT_FOUND.value] = not_found.answer
    if slack is None:
        return Starlette(routes=routes, exception_handlers=handlers)
    request_url = Route(EVENTS_PATH, slack.answer, methods=["POST"], middleware=[Middleware(BodyLimit)])
    return Starlette(routes=[request_url, *routes], exception_handlers=handlers)
