"""Socket Mode: several WebSocket connections per app; each payload goes to any one of them."""

import asyncio
import contextlib
import json
import random
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from sandbox.slack.delivery import Ack, Kind, Retry
from sandbox.slack.jsons import Json
from sandbox.slack.limits import Limits

HOST = "applink-sandbox"
CLOSE_SECONDS = 1.0
_REASONS = {"operation_timeout": "timeout", "dispatch_failed": "no_connection"}


class ConnectionLostError(Exception):
    """The connection that carried a payload was lost before the acknowledgement."""


@dataclass(eq=False, slots=True)
class Connection:
    """One WebSocket of the app, and its envelopes that await acknowledgement."""

    socket: web.WebSocketResponse
    request: web.Request
    draining: bool = False
    pending: "dict[str, asyncio.Future[Json | None]]" = field(default_factory=dict)

    def acknowledge(self, text: str) -> None:
        """Process a message of the app; anything but an acknowledgement is ignored, as by Slack."""
        try:
            message = json.loads(text)
        except ValueError:
            return
        if not isinstance(message, dict):
            return
        future = self.pending.get(str(message.get("envelope_id")))
        if future is not None and not future.done():
            payload = message.get("payload")
            future.set_result(payload if isinstance(payload, dict) else None)

    def fail_pending(self) -> None:
        """Fail all envelopes that await acknowledgement."""
        for future in self.pending.values():
            if not future.done():
                future.set_exception(ConnectionLostError())


class SocketMode:
    """The transport over WebSockets, and their server side."""

    def __init__(self, limits: Callable[[], Limits], app_id: str) -> None:
        self._limits = limits
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._grace: set[asyncio.TimerHandle] = set()
        self.connections: list[Connection] = []
        #: Set once the app has connected for the first time: before, nothing can be sent to it.
        self.has_connected = asyncio.Event()

    def ticket(self) -> str:
        """Create a ticket for one connection, as apps.connections.open does."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until either side ends it."""
        if request.query.get("ticket") not in self._tickets:
            raise web.HTTPForbidden(text="invalid ticket")
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse(timeout=CLOSE_SECONDS)
        await socket.prepare(request)
        if len(self.connections) >= self._limits().max_connections:
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        connection = Connection(socket, request)
        self.connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self.has_connected.set()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    connection.acknowledge(message.data)
        finally:
            self.connections.remove(connection)
            connection.fail_pending()
        return socket

    async def send(self, kind: Kind, payload: Json, seconds: float, retry: Retry) -> Ack:
        """Send a payload over any connection; when that one is lost before the ack, over another."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        envelope_id = str(uuid.uuid4())
        text = json.dumps(_envelope(kind, envelope_id, payload, retry))
        while (connection := self._any()) is not None:
            answer = connection.pending[envelope_id] = loop.create_future()
            try:
                async with asyncio.timeout_at(started + seconds):
                    await connection.socket.send_str(text)
                    return Ack(await answer, seconds=loop.time() - started)
            except TimeoutError:
                return Ack(failure="operation_timeout", seconds=loop.time() - started)
            except (ConnectionLostError, ConnectionError):
                connection.draining = True
            finally:
                connection.pending.pop(envelope_id, None)
        return Ack(failure="dispatch_failed", seconds=loop.time() - started)

    async def disconnect(self, reason: str) -> int:
        """Send every connection a `disconnect` envelope ("warning", "refresh_requested"); returns how many.

        They get no new payload, and are closed after the grace period if the app has not done so.
        """
        connections = list(self.connections)
        for connection in connections:
            connection.draining = True
            with contextlib.suppress(ConnectionError):
                await connection.socket.send_json(_disconnect(reason))
            self._close_later(connection)
        return len(connections)

    def abort(self) -> int:
        """Abort every connection without a close frame, as a network failure does; returns how many."""
        connections = list(self.connections)
        for connection in connections:
            connection.draining = True
            if connection.request.transport is not None:
                connection.request.transport.abort()
        return len(connections)

    async def close(self) -> None:
        """Close every connection."""
        for handle in self._grace:
            handle.cancel()
        self._grace.clear()
        for connection in list(self.connections):
            await connection.socket.close()

    def _any(self) -> Connection | None:
        live = [c for c in self.connections if not c.draining and not c.socket.closed]
        return random.choice(live) if live else None

    def _close_later(self, connection: Connection) -> None:
        loop = asyncio.get_running_loop()

        def abort() -> None:
            self._grace.discard(handle)
            if connection.request.transport is not None:
                connection.request.transport.close()

        handle = loop.call_later(self._limits().disconnect_grace_seconds, abort)
        self._grace.add(handle)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": HOST, "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}


def _envelope(kind: Kind, envelope_id: str, payload: Json, retry: Retry) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "payload": payload,
        "type": kind,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope.update(retry_attempt=retry.attempt, retry_reason=_REASONS.get(retry.reason, retry.reason))
    return envelope
