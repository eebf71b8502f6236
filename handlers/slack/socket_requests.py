"""Take Slack's Socket Mode requests."""

import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.payload_shape import find_malformed

log = logging.getLogger(__name__)


class SocketRequests(AsyncSocketModeHandler):
    """Bolt's handler of a Socket Mode connection.

    A malformed payload is acknowledged: Bolt would fail at it each time that Slack sends it again.
    """

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Dispatch a request to Bolt, or drop one that cannot be read."""
        malformed = find_malformed(req.payload)
        if malformed is None:
            await super().handle(client, req)
            return
        log.warning("a request of Slack's cannot be read (%s) and was dropped", malformed)
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
