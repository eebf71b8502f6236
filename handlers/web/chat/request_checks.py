"""Check chat requests: origin, session cookie, rate, size and fields."""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from domain.chat.session import OtherChat
from domain.errors import TooManyConflicts
from handlers.chat.session import ChatEnded, NoChat, TooManyFiles
from handlers.chat.transcript import OtherAddressJustNow, TooManyTranscripts
from handlers.web.body_limits import BodyTooLarge, read_bounded
from handlers.web.chat.context import Chat
from handlers.web.chat.errors import (
    ENDED,
    NO_CHAT,
    OTHER_ADDRESS,
    OTHER_CHAT,
    OTHER_ORIGIN,
    TOO_FAST,
    TOO_LONG,
    TOO_MANY_FILES,
    TOO_MANY_TRANSCRIPTS,
    UNREADABLE,
    Refusal,
)
from handlers.web.client_address import rate_limit_key

COOKIE = "switchboard_chat"
MAX_JSON_BYTES = 64_000  # 4,000 characters, each written as two \uXXXX, with room
BODY_TIMEOUT_SECONDS = 60.0
KEY = re.compile(r"[0-9a-f]{32}")  # made by the browser: 128 random bits
_NUMBER = re.compile(r"[0-9]{1,18}")
MAX_ID = 2**31 - 1  # of the database's integer columns

#: The status and code by the error of a use case.
_REFUSALS: dict[type[Exception], tuple[int, str]] = {
    NoChat: (401, NO_CHAT),
    OtherChat: (409, OTHER_CHAT),
    ChatEnded: (409, ENDED),
    TooManyFiles: (429, TOO_MANY_FILES),
    TooManyTranscripts: (429, TOO_MANY_TRANSCRIPTS),
    OtherAddressJustNow: (429, OTHER_ADDRESS),
    TooManyConflicts: (503, TOO_FAST),
}

Handler = Callable[[Request], Awaitable[Response]]


class RequestGuard:
    """Wraps handlers with the checks that every request needs."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._headers = {
            "Content-Security-Policy": _content_security_policy(chat.appearance.embed_on),
            "Referrer-Policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "x-robots-tag": "noindex",
        }

    def wrap(self, handler: Handler) -> Handler:
        """Wrap a handler with rate limit, origin check, error mapping and security headers."""

        async def handle(request: Request) -> Response:
            try:
                await self._chat.limiter.count(self._chat.rates.requests, "requests", rate_limit_key(request))
                if request.method == "POST":
                    self._require_same_origin(request)
                response = await handler(request)
            except Refusal as refusal:
                response = refusal_response(refusal)
            except tuple(_REFUSALS) as error:
                response = refusal_response(Refusal(*_REFUSALS[type(error)]))
            response.headers.update(self._headers)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return handle

    def _require_same_origin(self, request: Request) -> None:
        """Reject cross-site writes (CSRF), which would carry the cookie. Raises `Refusal`."""
        if request.headers.get("origin", "").lower() != self._chat.origin:
            raise Refusal(403, OTHER_ORIGIN)


def refusal_response(refusal: Refusal) -> Response:
    """Build a refusal's JSON response."""
    return JSONResponse({"error": refusal.code}, status_code=refusal.status)


def cookie_hash(request: Request) -> str | None:
    """Return the hash of the session cookie; `None` without one."""
    cookie = request.cookies.get(COOKIE)
    return hash_secret(cookie) if cookie else None


def require_cookie(request: Request) -> str:
    """Return the hash of the session cookie; raises `NoChat` without one."""
    cookie = cookie_hash(request)
    if cookie is None:
        raise NoChat
    return cookie


def hash_secret(secret: str) -> str:
    """Return the stored hash of a cookie. The cookie is 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def requested_chat_id(request: Request) -> int | None:
    """Return the chat id in the query, `None` if there is none. Raises `Refusal` if it is not a number.

    A browser has one cookie, but possibly a tab for each chat that was opened in it.
    """
    value = request.query_params.get("chat_id")
    if value is None:
        return None
    if not _NUMBER.fullmatch(value):
        raise Refusal(400, UNREADABLE)
    return int(value)


def parse_id(value: str) -> int | None:
    """Return the id that stands in a path, at most `MAX_ID`; `None` where it is none, of whatever length."""
    return min(int(value), MAX_ID) if _NUMBER.fullmatch(value) else None


async def read_json(request: Request) -> dict[str, Any]:
    """Read the request's JSON object; raises `Refusal`.

    Requires the media type "application/json", which no form of another site can send.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, UNREADABLE)
    body = await read_body(request, MAX_JSON_BYTES, TOO_LONG)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, UNREADABLE) from None
    if not isinstance(data, dict):
        raise Refusal(400, UNREADABLE)
    return data


async def read_body(request: Request, max_size: int, code: str) -> bytes:
    """Read a body of at most `max_size` bytes; raises `Refusal`, with `code` if it is larger."""
    try:
        async with asyncio.timeout(BODY_TIMEOUT_SECONDS):
            return await read_bounded(request.stream(), max_size, request.headers.get("content-length"))
    except (TimeoutError, ClientDisconnect):
        raise Refusal(408, UNREADABLE) from None
    except BodyTooLarge:
        raise Refusal(413, code) from None


def text_field(data: dict[str, Any], name: str, max_length: int) -> str:
    """Return a text field without NUL and lone surrogates, which databases and screens reject.

    Raises `Refusal`.
    """
    value = data.get(name, "")
    if not isinstance(value, str):
        raise Refusal(400, UNREADABLE)
    if len(value) > max_length:
        raise Refusal(413, TOO_LONG)
    return value.encode("utf-8", "ignore").decode().replace("\0", "").strip()


def number_field(data: dict[str, Any], name: str) -> int:
    """Return an integer field between 0 and `MAX_ID`. Raises `Refusal`."""
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_ID:
        raise Refusal(400, UNREADABLE)
    return value


def _content_security_policy(embed_on: Sequence[str]) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors " + (" ".join(embed_on) or "'none'"),
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
