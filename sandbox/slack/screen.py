"""What a person's screen shows as it happens, as server-sent events for the demo page."""

import asyncio
import contextlib
import json

from aiohttp import web

from sandbox.slack.audience import Happening
from sandbox.slack.state import State

KEEP_ALIVE_SECONDS = 15.0


class Screen:
    """GET /ui/slack/events?as=U."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """What I see as it happens, as server-sent events."""
        user = request.query.get("as", "")
        if user not in self._state.users:
            return web.json_response({"ok": False, "error": "user_not_found"}, status=404)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        queue = self._state.audience.listen(user)
        try:
            with contextlib.suppress(ConnectionError):
                await response.write(b": listening\n\n")
                while (chunk := await _next(queue)) is not None:
                    await response.write(chunk)
        finally:
            self._state.audience.leave(user, queue)
        return response


async def _next(queue: "asyncio.Queue[Happening | None]") -> bytes | None:
    """The next thing to send, a comment to keep the connection alive, or None at the end."""
    try:
        happening = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
    except TimeoutError:
        return b": still here\n\n"
    if happening is None:
        return None
    return f"event: {happening.name}\ndata: {json.dumps(happening.data)}\n\n".encode()
