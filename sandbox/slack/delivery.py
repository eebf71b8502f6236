"""Deliver payloads to the app: interactions once, events with retries."""

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
    """The app's answer to one payload, and the seconds it took.

    `failure` is empty, or why there was no answer: operation_timeout (none within Slack's 3 s),
    dispatch_failed (no connection to send it to), http_error, or not_sent (Slack's own client refused the
    input).
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
    """The number of a retry, and the failure of the attempt before."""

    attempt: int = 0
    reason: str = ""


class Transport(Protocol):
    """A transport to the app: Socket Mode or HTTP."""

    async def send(self, kind: Kind, payload: Json, seconds: float, retry: Retry) -> Ack:
        """Send one payload and wait at most `seconds` for its acknowledgement."""

    async def close(self) -> None:
        """Close all connections."""


class Delivery:
    """Send interactions once and events until acked; the transport can be exchanged while running."""

    def __init__(self, limits: Callable[[], Limits], ledger: Ledger, transport: Transport) -> None:
        self._limits = limits
        self._ledger = ledger
        self._transports = [transport]
        self._sent: deque[Json] = deque(maxlen=REMEMBERED_EVENTS)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def transport(self) -> Transport:
        """The current transport."""
        return self._transports[-1]

    def switch_to(self, transport: Transport) -> None:
        """Switch to another transport; deliveries in progress end on the one before."""
        self._transports.append(transport)

    async def interact(self, kind: Kind, payload: Json) -> Ack:
        """Send an interaction, which is never retried."""
        return await self.transport.send(kind, payload, self._limits().ack_seconds, Retry())

    def send_event(self, payload: Json) -> None:
        """Send an event in the background, with a retry after each delay until it is acked."""
        self._sent.append(payload)
        self._start(payload, Retry())

    def redeliver(self, event_id: str = "") -> Json:
        """Send an event again although it was acked, as Slack does when it missed the ack; returns the event.

        Without an id, the last one. Raises LookupError when there is none.
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
        """Wait until every event is acked or given up."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Cancel deliveries in progress and close the transport."""
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
