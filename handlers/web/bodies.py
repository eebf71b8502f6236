"""No request may fill the memory: bodies have a limit, whatever their header says."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1_000_000  # bytes; Slack's largest payload, a full modal, is some 300 kB


class BodyLimit:
    """Reads each body up to the limit, then hands it on; a larger one, or one that is not UTF-8, is refused."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if len(body) > self._largest:
                await _refuse(413, "The body is too large, so it was not read.", scope, receive, send)
                return
            if not message.get("more_body", False):
                break
        try:
            body.decode()
        except UnicodeDecodeError:
            await _refuse(400, "The body is not UTF-8, so it was not read.", scope, receive, send)
            return
        whole: Message = {"type": "http.request", "body": bytes(body), "more_body": False}
        parts = iter([whole])

        async def replay() -> Message:
            return next(parts, None) or await receive()

        await self._app(scope, replay, send)


async def _refuse(status: int, text: str, scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(text, status_code=status)(scope, receive, send)
