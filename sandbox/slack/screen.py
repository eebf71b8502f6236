"""Stream a person's screen events to the demo page (server-sent events)."""

import asyncio
import contextlib
import json

from aiohttp import web

from sandbox.slack.audience import ScreenEvent
from sandbox.slack.state import State

KEEP_ALIVE_SECONDS = 15.0


class Screen:
    """GET /ui/slack/events?as=U."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Stream the events of the user `as`."""
        user = request.query.get("as", "")
        if user not in self._state.users:
            return web.json_response({"ok": False, "error": "user_not_found"}, status=404)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        queue = self._state.audience.subscribe(user)
        try:
            with contextlib.suppress(ConnectionError):
                await response.write(b": listening\n\n")
                while (chunk := await _next(queue)) is not None:
                    await response.write(chunk)
        finally:
            self._state.audience.unsubscribe(user, queue)
        return response


async def _next(queue: "asyncio.Queue[ScreenEvent | None]") -> bytes | None:
    """Return the next chunk: an event, a comment to keep the connection alive, or None at the end."""
    try:
        event = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
    except TimeoutError:
        return b": still here\n\n"
    if event is None:
        return None
    return f"event: {event.name}\ndata: {json.dumps(event.data)}\n\n".encode()
