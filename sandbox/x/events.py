"""Publish events to the demo page: one queue per open page."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

WAITING_AT_MOST = 1000
HEARTBEAT_SECONDS = 15.0

Event = tuple[str, dict[str, Any]]


class Broadcast:
    """Broadcast every event to every listener; a slow one loses the oldest events."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Event | None]] = set()

    def send(self, name: str, data: dict[str, Any]) -> None:
        """Queue an event for all listeners."""
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait((name, data))

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    @asynccontextmanager
    async def listen(self) -> AsyncIterator["asyncio.Queue[Event | None]"]:
        """Yield a queue that receives events while the block runs; None ends it."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue(WAITING_AT_MOST)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)


async def stream(request: web.Request, broadcast: Broadcast) -> web.StreamResponse:
    """Answer with server-sent events until either side ends the connection."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    async with broadcast.listen() as queue:
        await response.prepare(request)
        await response.write(b": listening\n\n")
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                line = ": still here\n\n"
            else:
                if event is None:
                    return response
                line = f"event: {event[0]}\ndata: {json.dumps(event[1])}\n\n"
            try:
                await response.write(line.encode())
            except ConnectionResetError:
                return response
