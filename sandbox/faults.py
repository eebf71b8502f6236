"""Failures on request: any call of the pretend world can be told to fail in a named way, a number of times."""

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
    """One failure to act out.

    `call` is a pattern over "system:call" names such as "slack:chat.postMessage" or "x:POST /2/tweets".
    `lost-before` drops the connection before the act, `lost-after` acts and then drops it, `slow` waits
    `seconds` and then acts, `status` answers `status` with `body` and does not act.
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
    """The failures waiting to happen, first match first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Let the next calls that match fail as described."""
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything work again."""
        self._waiting.clear()

    def take(self, call: str) -> Fault | None:
        """The failure due for this call, if any; uses it up once."""
        for fault in self._waiting:
            if fault.times != 0 and fnmatchcase(call, fault.call):
                fault.times -= 1
                return fault
        return None

    async def guard(
        self, call: str, request: web.Request, act: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answer `request` by `act`, or fail in the way asked for."""
        fault = self.take(call)
        if fault is None:
            return await act()
        if fault.mode == "status":
            return web.Response(
                status=fault.status, text=fault.body, content_type=fault.content_type, headers=fault.headers
            )
        # Read what came before anything goes wrong: an act whose caller gave up waiting must still be able to happen.
        await request.read()
        if fault.mode == "slow":
            await asyncio.sleep(fault.seconds)
            return await act()
        if fault.mode == "lost-after":
            await act()
        return drop_connection(request)


def drop_connection(request: web.Request) -> web.StreamResponse:
    """Cut the wire without an answer, as a network does."""
    if request.transport is not None:
        with contextlib.suppress(OSError):
            request.transport.abort()
    raise asyncio.CancelledError
