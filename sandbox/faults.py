"""Inject faults: make any call of the sandbox fail in a chosen way, a number of times."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from aiohttp import web

Mode = Literal["lost-before", "lost-after", "slow", "status"]


@dataclass(slots=True)
class Fault:
    """One fault to inject.

    `call` is an fnmatch pattern over "system:call" names such as "slack:chat.postMessage" or "x:POST
    /2/tweets".
    `lost-before` drops the connection before the call takes effect, `lost-after` performs the call and then
    drops it, `slow` waits `seconds` and then performs it, `status` answers `status` with `body` and performs
    nothing.
    `times` counts down with each use; a negative number means for ever.
    """

    call: str
    mode: Mode
    times: int = 1
    seconds: float = 0.0
    status: int = 503
    body: str = ""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Faults:
    """The pending faults; the first that matches a call is used."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Add a fault for the next calls that match."""
        self._pending.append(fault)
        return fault

    def clear(self) -> None:
        """Remove all faults."""
        self._pending.clear()

    def next_fault(self, call: str) -> Fault | None:
        """Return the fault due for this call, if any, and count one use of it."""
        for fault in self._pending:
            if fault.times != 0 and fnmatchcase(call, fault.call):
                fault.times -= 1
                return fault
        return None

    async def guard(
        self, call: str, request: web.Request, act: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answer `request` by `act`, or inject the fault that is due for `call`."""
        fault = self.next_fault(call)
        if fault is None:
            return await act()
        if fault.mode == "status":
            return web.Response(
                status=fault.status, text=fault.body, content_type=fault.content_type, headers=fault.headers
            )
        # Read the body first: a call whose caller timed out must still be able to take effect.
        await request.read()
        if fault.mode == "slow":
            await asyncio.sleep(fault.seconds)
            return await act()
        if fault.mode == "lost-after":
            await act()
        return abort_connection(request)


def abort_connection(request: web.Request) -> web.StreamResponse:
    """Abort the connection without an answer, as a network failure does."""
    if request.transport is not None:
        with contextlib.suppress(OSError):
            request.transport.abort()
    raise asyncio.CancelledError
