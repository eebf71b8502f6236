"""What is asked of every request before it is done: where it comes from, whose it is, how often, and how large."""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from domain.chat.session import OtherChat
from domain.errors import Crowded
from handlers.chat.session import ChatEnded, NoChat, TooManyFiles
from handlers.chat.transcript import TooManyTranscripts
from handlers.web.body_limits import BodyTooLarge, read_bounded
from handlers.web.chat.context import Chat
from handlers.web.chat.errors import (
    ELSEWHERE,
    ENDED,
    ENOUGH,
    FILES_ENOUGH,
    NO_CHAT,
    OTHER_CHAT,
    TOO_FAST,
    TOO_LONG,
    UNREADABLE,
    Refusal,
)
from handlers.web.client_address import source_of

COOKIE = "switchboard_chat"
LARGEST_JSON = 64_000  # bytes; 4,000 characters, each written as two \uXXXX, with room
BODY_WITHIN = 60.0  # seconds
KEY = re.compile(r"[0-9a-f]{32}")  # what a browser makes up: 128 bits of chance
_NUMBER = re.compile(r"[0-9]{1,18}")
NEWEST = 2**31 - 1  # the highest id that the database has room for

Handler = Callable[[Request], Awaitable[Response]]


class Asking:
    """Wraps the chat's handlers."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._headers = {
            "Content-Security-Policy": _policy(chat.look.embed_on),
            "Referrer-Policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "x-robots-tag": "noindex",
        }

    def wrap(self, handler: Handler) -> Handler:
        """The handler behind the checks, with the headers that every answer carries."""

        async def handle(request: Request) -> Response:
            try:
                await self._chat.limiter.count(self._chat.rates.requests, "requests", source_of(request))
                if request.method == "POST":
                    self._require_own(request)
                response = await handler(request)
            except Refusal as refusal:
                response = refused(refusal)
            except NoChat:
                response = refused(Refusal(401, NO_CHAT))
            except OtherChat:
                response = refused(Refusal(409, OTHER_CHAT))
            except ChatEnded:
                response = refused(Refusal(409, ENDED))
            except TooManyFiles:
                response = refused(Refusal(429, FILES_ENOUGH))
            except TooManyTranscripts:
                response = refused(Refusal(429, ENOUGH))
            except Crowded:
                response = refused(Refusal(503, TOO_FAST))
            response.headers.update(self._headers)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return handle

    def _require_own(self, request: Request) -> None:
        """A form or a script of another site cannot do anything here, even in a browser that has the cookie."""
        if request.headers.get("origin", "").lower() != self._chat.origin:
            raise Refusal(403, ELSEWHERE)


def refused(refusal: Refusal) -> Response:
    """A refusal as the page reads it."""
    return JSONResponse({"refused": refusal.word}, status_code=refusal.status)


def cookie_hash(request: Request) -> str | None:
    """The hash of the cookie; `None` without one."""
    cookie = request.cookies.get(COOKIE)
    return hash_of(cookie) if cookie else None


def require_cookie(request: Request) -> str:
    """The hash of the cookie; raises `NoChat` without one."""
    found = cookie_hash(request)
    if found is None:
        raise NoChat
    return found


def hash_of(secret: str) -> str:
    """What is stored of a cookie. It is 256 bits of chance, so that nothing slower is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def chat_named(request: Request) -> int | None:
    """The chat that the page says it shows: a browser has one cookie, but a tab for each chat that was opened in it. Raises `Refusal`."""
    given = request.query_params.get("chat")
    if given is None:
        return None
    if not _NUMBER.fullmatch(given):
        raise Refusal(400, UNREADABLE)
    return int(given)


async def json_of(request: Request) -> dict[str, Any]:
    """The request's JSON object. Its media type is one that no form of another site can send."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, UNREADABLE)
    body = await body_of(request, LARGEST_JSON, TOO_LONG)
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, UNREADABLE) from None
    if not isinstance(read, dict):
        raise Refusal(400, UNREADABLE)
    return read


async def body_of(request: Request, largest: int, word: str) -> bytes:
    """The body, which is refused with `word` where it is larger. Raises `Refusal`."""
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await read_bounded(request.stream(), largest)
    except (TimeoutError, ClientDisconnect):
        raise Refusal(408, UNREADABLE) from None
    except BodyTooLarge:
        raise Refusal(413, word) from None


def text_in(asked: dict[str, Any], name: str, longest: int) -> str:
    """A text of the request without what no database or screen takes: NUL and lone surrogates. Raises `Refusal`."""
    given = asked.get(name, "")
    if not isinstance(given, str):
        raise Refusal(400, UNREADABLE)
    if len(given) > longest:
        raise Refusal(413, TOO_LONG)
    return given.encode("utf-8", "ignore").decode().replace("\0", "").strip()


def number_in(asked: dict[str, Any], name: str) -> int:
    """A whole number of the request that the database has room for. Raises `Refusal`."""
    given = asked.get(name)
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= NEWEST:
        raise Refusal(400, UNREADABLE)
    return given


def _policy(embed_on: Sequence[str]) -> str:
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
