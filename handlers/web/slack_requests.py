"""Verify and parse Slack's HTTP requests before Bolt handles them."""

import logging
from typing import Any

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adapters.slack.signature import Signature

log = logging.getLogger(__name__)

# What Bolt raises for a body that is no JSON object: it parses the body before it verifies the signature.
_UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RecursionError)


class SlackRequests:
    """Handler of Slack's request URL."""

    def __init__(self, app: AsyncApp, signature: Signature) -> None:
        self._app = app
        self._signature = signature

    async def answer(self, request: Request) -> Response:
        """Dispatch a request to Bolt.

        Answers 401 if the signature is invalid or expired, 400 if it cannot be parsed.
        """
        body = await request.body()
        if not self._signature.is_valid(body, request.headers):
            return PlainTextResponse("Slack has not signed this, or not now. Nothing was done.", 401)
        try:
            bolt_request = _bolt_request(request, body.decode("utf-8"))
        except _UNREADABLE as error:
            log.warning("a request of Slack's cannot be read (%s)", type(error).__name__)
            return PlainTextResponse("This cannot be read, so nothing was done.", 400)
        return to_starlette_response(await self._app.async_dispatch(bolt_request))


def _bolt_request(request: Request, body: str) -> AsyncBoltRequest:
    """Build Bolt's request. What was signed stays its raw body, which Bolt verifies again."""
    payload = read_payload(body)
    query: Any = request.query_params  # mappings, where Bolt asks for dictionaries
    headers: Any = request.headers
    read = AsyncBoltRequest(body=body if payload is None else payload, query=query, headers=headers)
    read.raw_body = body
    return read


def read_payload(body: str) -> str | None:
    """Return the JSON of a press or a form from what Slack posts; `None` for what Bolt is to parse.

    Each of some hundred quotation marks comes as `%22`, which `urllib.parse` decodes one by one in Python.
    Here they become Python's escapes, which are decoded in C; where that fails, Bolt uses `urllib.parse`.
    """
    name, separator, value = body.partition("=")
    if name != "payload" or not separator or "&" in value:
        return None
    escaped = value.replace("+", " ").replace("\\", r"\\").replace("%", r"\x")
    try:
        payload = escaped.encode("ascii").decode("unicode_escape").encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    return payload if payload.startswith("{") else None
