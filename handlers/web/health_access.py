"""Show a stranger no more of the desk's health than whether all is well, and work it out for them seldom."""

import asyncio
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

FRESH_SECONDS = 5.0
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")

Handler = Callable[[Request], Awaitable[Response]]


class HealthAccess:
    """Wraps the pages of health. Who asks from this machine, or with `token`, sees them whole and at once."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def wrap(self, page: Handler) -> Handler:
        """Wrap a page whose status is 200 where all is well."""
        lock = asyncio.Lock()
        status, asked_at = 0, 0.0

        async def answer(request: Request) -> Response:
            nonlocal status, asked_at
            if self._may_see(request):
                return await page(request)
            async with lock:
                now = asyncio.get_running_loop().time()
                if not status or now - asked_at >= FRESH_SECONDS:
                    status, asked_at = (await page(request)).status_code, now
                return JSONResponse({"ok": status == 200}, status_code=status)  # noqa: PLR2004 - HTTP's OK

        return answer

    def _may_see(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if self._token and scheme.lower() == "bearer":
            return compare_digest(given.encode(), self._token.encode())
        # A proxy on this machine that is not among ours hides who asks.
        return not any(name in request.headers for name in _FORWARDED) and _is_loopback(request)


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
