"""Limit the size of request bodies, whatever their Content-Length says."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 1_000_000  # Slack's largest payload, a full modal, is some 300 kB
BODY_SECONDS = 15.0  # for a body of at most `MAX_BODY_BYTES` to arrive


class BodyTooLarge(Exception):
    """The body exceeds its limit."""


async def read_bounded(chunks: AsyncIterable[bytes], max_size: int, declared: str | None) -> bytes:
    """Read a body of at most `max_size` bytes; raises `BodyTooLarge`, at once where it is `declared` larger.

    `declared` is the Content-Length. The server reads and drops what is left, so that the client, which still
    sends, hears the answer.
    """
    if declared is not None and declared.isdecimal() and float(declared) > max_size:
        raise BodyTooLarge
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > max_size:
            raise BodyTooLarge
    return bytes(body)


async def _body_chunks(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


class BodyLimit:
    """ASGI middleware that buffers each body up to the limit.

    Answers 413 to a larger one, 408 to one that does not arrive in time, 400 if it is not UTF-8.
    """

    def __init__(self, app: ASGIApp, max_size: int = MAX_BODY_BYTES, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._max_size = max_size
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds):
                declared = Headers(scope=scope).get("content-length")
                body = await read_bounded(_body_chunks(receive), self._max_size, declared)
        except ClientDisconnect:
            return
        except TimeoutError:
            await _refuse(408, "The body did not arrive in time, so nothing was done.", scope, receive, send)
            return
        except BodyTooLarge:
            await _refuse(413, "The body is too large, so nothing was done.", scope, receive, send)
            return
        try:
            body.decode()
        except UnicodeDecodeError:
            await _refuse(400, "The body is not UTF-8, so it was not read.", scope, receive, send)
            return
        replayed: Message = {"type": "http.request", "body": body, "more_body": False}
        chunks = iter([replayed])

        async def replay() -> Message:
            return next(chunks, None) or await receive()

        await self._app(scope, replay, send)


async def _refuse(status: int, text: str, scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(text, status_code=status)(scope, receive, send)
