"""Take Slack's Socket Mode requests."""

import logging
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.payload_shape import find_malformed

log = logging.getLogger(__name__)


class SocketRequests(AsyncSocketModeHandler):
    """Bolt's handler of a Socket Mode connection.

    A malformed payload is acknowledged: Bolt would fail at it each time that Slack sends it again.
    """

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        super().__init__(app, app_token)
        self.client.message_listeners.append(_drop_without_object)  # type: ignore[arg-type]  # this client alone calls it

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # of this client alone
        """Dispatch a request to Bolt, or drop one that cannot be read."""
        malformed = find_malformed(req.payload)
        if malformed is None:
            await super().handle(client, req)
        else:
            await _drop(client, req.envelope_id, malformed)


async def _drop_without_object(client: SocketModeClient, message: dict[str, Any], _: str | None) -> None:
    """Drop a request whose payload is no object; called with each message before a request is made of it."""
    envelope_id = message.get("envelope_id")
    if not isinstance(envelope_id, str) or isinstance(message.get("payload"), dict):
        return
    # Of a message without a payload the library makes no request; at a list or a number it fails.
    message.pop("payload", None)
    await _drop(client, envelope_id, "its payload is no object")


async def _drop(client: SocketModeClient, envelope_id: str, why: str) -> None:
    log.warning("a request of Slack's cannot be read (%s) and was dropped", why)
    await client.send_socket_mode_response(SocketModeResponse(envelope_id=envelope_id))
