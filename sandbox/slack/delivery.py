"""Bringing payloads to the app: once for what a person waits for, again and again for events."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from sandbox.ledger import Ledger
from sandbox.slack.jsons import Json
from sandbox.slack.limits import Limits

REMEMBERED_EVENTS = 1000

Kind = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True, slots=True)
class Ack:
    """What the app answered to one payload, and after how many seconds.

    `failure` is empty, or why there was no answer: operation_timeout (none within Slack's 3 s),
    dispatch_failed (nobody to send it to), http_error, or not_sent (Slack's own client refused the input).
    """

    payload: Json | None = None
    failure: str = ""
    seconds: float = 0.0
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """Whether the app acknowledged in time."""
        return not self.failure


@dataclass(frozen=True, slots=True)
class Retry:
    """That a payload has been sent before: which repetition this is, and the failure of the one before."""

    attempt: int = 0
    reason: str = ""


class Transport(Protocol):
    """A way to the app: Socket Mode or HTTP."""

    async def send(self, kind: Kind, payload: Json, seconds: float, retry: Retry) -> Ack:
        """Bring one payload and wait at most `seconds` for its acknowledgement."""

    async def close(self) -> None:
        """Let go of everything that is open."""


class Delivery:
    """Sends interactions once and events until acked; the transport can be exchanged while running."""

    def __init__(self, limits: Callable[[], Limits], ledger: Ledger, transport: Transport) -> None:
        self._limits = limits
        self._ledger = ledger
        self._transports = [transport]
        self._sent: deque[Json] = deque(maxlen=REMEMBERED_EVENTS)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def transport(self) -> Transport:
        """The way to the app that is used now."""
        return self._transports[-1]

    def use(self, transport: Transport) -> None:
        """Go another way from now on; what is under way ends as it began."""
        self._transports.append(transport)

    async def interact(self, kind: Kind, payload: Json) -> Ack:
        """Bring something that a person waits for; never repeated."""
        return await self.transport.send(kind, payload, self._limits().ack_seconds, Retry())

    def event(self, payload: Json) -> None:
        """Bring an event in the background, again after each delay until it is acked."""
        self._sent.append(payload)
        self._start(payload, Retry())

    def again(self, event_id: str = "") -> Json:
        """Bring an event once more although it was acked, as Slack does when it missed the ack; returns the event.

        Without an id the last one. Raises LookupError when there is none.
        """
        found = [payload for payload in self._sent if event_id in ("", payload["event_id"])]
        if not found:
            raise LookupError(f"no event {event_id!r} has been sent")
        self._start(found[-1], Retry(1, "operation_timeout"))
        return found[-1]

    def _start(self, payload: Json, retry: Retry) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(payload, retry))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until no event is under way (acked, or given up)."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Give up what is under way and close the transport."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for transport in self._transports:
            await transport.close()

    async def _deliver(self, payload: Json, retry: Retry) -> None:
        for attempt, delay in enumerate((0.0, *self._limits().redelivery_seconds)):
            if attempt:
                await asyncio.sleep(delay)
            ack = await self.transport.send("events_api", payload, self._limits().ack_seconds, retry)
            if ack.answered:
                return
            retry = Retry(attempt + 1, ack.failure)
        self._ledger.record("slack", "event.given_up", event_id=payload["event_id"], event=payload["event"])
