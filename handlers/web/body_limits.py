"""Limit the size of request bodies, whatever their Content-Length says."""

from collections.abc import AsyncIterable, AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 1_000_000  # Slack's largest payload, a full modal, is some 300 kB
MAX_DRAINED_BYTES = 64_000_000  # read and discarded before the answer


class BodyTooLarge(Exception):
    """The body exceeds its limit."""


async def read_bounded(
    chunks: AsyncIterable[bytes], max_size: int, read_at_most: int = MAX_DRAINED_BYTES
) -> bytes:
    """Read a body of at most `max_size` bytes; raises `BodyTooLarge`.

    A larger one is drained up to `read_at_most` bytes and discarded: answering a client that is still sending
    resets the connection before it reads the answer.
    """
    body, size = bytearray(), 0
    async for chunk in chunks:
        size += len(chunk)
        if size <= max_size:
            body += chunk
        elif size > read_at_most:
            break
    if size > max_size:
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

    Answers 413 to a larger one, 400 if it is not UTF-8.
    """

    def __init__(
        self, app: ASGIApp, max_size: int = MAX_BODY_BYTES, read_at_most: int = MAX_DRAINED_BYTES
    ) -> None:
        self._app = app
        self._max_size = max_size
        self._read_at_most = read_at_most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await read_bounded(_body_chunks(receive), self._max_size, self._read_at_most)
        except ClientDisconnect:
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
