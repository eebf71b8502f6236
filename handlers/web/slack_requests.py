"""Slack's requests in HTTP mode: who asks, and whether it can be read, is settled before Bolt sees them."""

import logging

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adapters.slack.signature import Signature

log = logging.getLogger(__name__)

# Bolt reads the body before it looks at the signature, and stumbles over what is no JSON object.
_UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RecursionError)


class SlackRequests:
    """Answers what Slack sends to our request URL."""

    def __init__(self, app: AsyncApp, signature: Signature) -> None:
        self._app = app
        self._signature = signature

    async def answer(self, request: Request) -> Response:
        """401 for whoever is not Slack, 400 for what cannot be read, else what the listeners answer."""
        body = await request.body()
        if not self._signature.fits(body, request.headers):
            return PlainTextResponse("Slack has not signed this, or not now. Nothing was done.", 401)
        try:
            asked = to_async_bolt_request(request, body)
        except _UNREADABLE as error:
            log.warning("a request of Slack's cannot be read (%s)", type(error).__name__)
            return PlainTextResponse("This cannot be read, so nothing was done.", 400)
        return to_starlette_response(await self._app.async_dispatch(asked))
