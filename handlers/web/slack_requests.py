"""Verify and parse Slack's HTTP requests before Bolt handles them."""

import logging

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adapters.slack.payload_shape import find_malformed
from adapters.slack.signature import Signature

log = logging.getLogger(__name__)

# What Bolt raises for a body that is no JSON object: it parses the body before it verifies the signature.
_UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RecursionError)


# Without it Slack sends an event three times more, which cannot be read either.
_NO_RETRY = {"X-Slack-No-Retry": "1"}


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
            bolt_request = to_async_bolt_request(request, body)
            malformed = find_malformed(bolt_request.body)
        except _UNREADABLE as error:
            malformed = type(error).__name__
        if malformed is not None:
            log.warning("a request of Slack's cannot be read (%s) and was dropped", malformed)
            return PlainTextResponse("This cannot be read, so nothing was done.", 400, _NO_RETRY)
        return to_starlette_response(await self._app.async_dispatch(bolt_request))
