"""Baseline for chats: echo what is posted into the streams of its chat, in its own process.

`python -m tests.bench.echo` prints its address and serves until it is killed.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handlers.web.server import WebServer


def echo() -> Starlette:
    """Create the echo application. Chats are identified by the cookie that was set for their link."""
    streams: dict[str, list[asyncio.Queue[str]]] = defaultdict(list)

    async def link(request: Request) -> Response:
        response = JSONResponse({"ok": True})
        response.set_cookie("chat", (await request.json())["key"], path="/chat")
        return response

    async def message(request: Request) -> Response:
        said = json.dumps(await request.json())
        for queue in streams[request.cookies["chat"]]:
            queue.put_nowait(said)
        return JSONResponse({"ok": True})

    async def events(request: Request) -> Response:
        queue: asyncio.Queue[str] = asyncio.Queue()
        streams[request.cookies["chat"]].append(queue)

        async def lines() -> AsyncIterator[ServerSentEvent]:
            yield ServerSentEvent(event="state", data="{}", sep="\n")
            while True:
                yield ServerSentEvent(event="message", data=await queue.get(), sep="\n")

        return EventSourceResponse(lines(), ping=0, sep="\n")

    return Starlette(
        routes=[
            Route("/chat/link", link, methods=["POST"]),
            Route("/chat/messages", message, methods=["POST"]),
            Route("/chat/events", events),
        ]
    )


async def serve() -> None:
    """Serve until the process is killed."""
    server = WebServer(echo(), "127.0.0.1", 0)
    await server.start()
    print(server.address, flush=True)  # noqa: T201 - read by the benchmark
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
