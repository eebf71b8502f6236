"""No request may fill the memory: bodies have a limit, whatever their header says."""

from collections.abc import AsyncIterable, AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1_000_000  # bytes; Slack's largest payload, a full modal, is some 300 kB
READ_AT_MOST = 64_000_000  # bytes that are read, and let go of, before the answer


class BodyTooLarge(Exception):
    """The body is larger than it may be."""


async def read_bounded(parts: AsyncIterable[bytes], largest: int, read_at_most: int = READ_AT_MOST) -> bytes:
    """Read a body of at most `largest` bytes; raises `BodyTooLarge`.

    A larger one is read on, as far as `read_at_most`, and let go of: whoever answers a client that is still sending breaks the
    connection before the answer is heard.
    """
    body, size = bytearray(), 0
    async for part in parts:
        size += len(part)
        if size <= largest:
            body += part
        elif size > read_at_most:
            break
    if size > largest:
        raise BodyTooLarge
    return bytes(body)


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


class BodyLimit:
    """Reads each body up to the limit, then hands it on; a larger one, or one that is not UTF-8, is refused."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY, read_at_most: int = READ_AT_MOST) -> None:
        self._app = app
        self._largest = largest
        self._read_at_most = read_at_most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await read_bounded(_parts(receive), self._largest, self._read_at_most)
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
        whole: Message = {"type": "http.request", "body": body, "more_body": False}
        parts = iter([whole])

        async def replay() -> Message:
            return next(parts, None) or await receive()

        await self._app(scope, replay, send)


async def _refuse(status: int, text: str, scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(text, status_code=status)(scope, receive, send)
