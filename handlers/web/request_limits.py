"""Limit what the requests of one address, and of all, take at a time: how many, and how much of bodies.

The address is the one that our own proxies tell.
"""

from collections import Counter
from dataclasses import dataclass

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.web.client_address import address_group


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBudget:
    """The limits: open requests by address, event streams among them; bytes of bodies of open requests."""

    requests_per_address: int = 100
    bytes_per_address: int = 16_000_000
    bytes_in_all: int = 64_000_000


class RequestLimits:
    """ASGI middleware. What is above a limit gets 429 or 503, and is told to try again."""

    def __init__(self, app: ASGIApp, budget: RequestBudget) -> None:
        self._app = app
        self._budget = budget
        self._requests: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._bytes_in_all = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        address = address_group(client[0]) if client else ""
        if self._requests[address] >= self._budget.requests_per_address:
            await _too_many(429)(scope, receive, send)
            return
        request = _Request(self, address, scope, receive, send)
        self._requests[address] += 1
        try:
            await self._app(scope, request.receive, request.send)
        finally:
            self._requests[address] -= 1
            self._bytes[address] -= request.size
            self._bytes_in_all -= request.size
            for counter in (self._requests, self._bytes):
                if not counter[address]:
                    del counter[address]

    def take(self, address: str, size: int) -> bool:
        """Count bytes; return whether they are within the limits."""
        self._bytes[address] += size
        self._bytes_in_all += size
        return (
            self._bytes[address] <= self._budget.bytes_per_address
            and self._bytes_in_all <= self._budget.bytes_in_all
        )


class _Request:
    """One request, whose body is counted as it is read, until it has been answered."""

    def __init__(
        self, limits: RequestLimits, address: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._limits = limits
        self._address = address
        self._scope = scope
        self._receive = receive
        self._send = send
        self._is_answered = False
        self._is_refused = False
        self.size = 0

    async def receive(self) -> Message:
        """Receive the next part, or a disconnect where the limit is reached."""
        message = await self._receive()
        size = len(message.get("body", b""))
        self.size += size
        if size and not self._limits.take(self._address, size):
            self._is_refused = True
            if not self._is_answered:
                await _too_many(503)(self._scope, self._receive, self._send)
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        """Send a part of the answer, unless the request was refused."""
        self._is_answered = True
        if not self._is_refused:
            await self._send(message)


def _too_many(status: int) -> PlainTextResponse:
    text = "Too many requests at a time. Try again in a minute.\n"
    return PlainTextResponse(text, status, headers={"Retry-After": "60"})
