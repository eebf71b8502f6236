"""Add to every answer the headers that keep a browser from reading it as something else, or in a frame."""

from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}


class SecurityHeaders:
    """ASGI middleware. What a page sets itself stays: the chat's pages have rules of their own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request; also where no page is at its path."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if "location" in headers:
                    headers["location"] = _own_path(headers["location"])
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _own_path(location: str) -> str:
    """Return a redirect's path alone: its host is what the request claimed.

    A query alone stays: it leads to the same page, under whatever path a proxy has it.
    """
    if location.startswith("?"):
        return location
    parts = urlsplit(location)
    return urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, ""))


def raw_answer(status: int, text: str) -> bytes:
    """Return a whole answer as it goes over the wire, for a connection that is closed after it."""
    body = text.encode()
    headers = {
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
        "connection": "close",
        **_HEADERS,
    }
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{n}: {v}" for n, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body
