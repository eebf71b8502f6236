"""Accept connections within limits: how many, how long a request may take to come in, how long to go out.

uvicorn has no deadline for a request's headers and body, and asyncio's own way to accept tries some thousand
times a second where the process has no file left for a connection.
"""

import asyncio
import logging
import resource
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

import h11
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from handlers.web.client_address import address_group
from handlers.web.security_headers import raw_answer

MAX_CONNECTIONS = 2_000
ACCEPT_RETRY_SECONDS = 0.5
_LINGER_SECONDS = 5.0  # for the last answer to be read
_TOO_MANY = raw_answer(503, "Too many connections. Try again in a minute.\n")
_TOO_SLOW = raw_answer(408, "The request did not arrive in time, so nothing was done. Send it again.\n")
_UNREADABLE = raw_answer(400, "This is not an HTTP request, so nothing was done.\n")

log = logging.getLogger(__name__)
#: uvicorn writes a line for each request that cannot be read: strangers would fill the log.
_QUIET = logging.getLogger(f"{__name__}.uvicorn")
_QUIET.setLevel(logging.ERROR)


def _connections_in_all() -> int:
    """Return the most connections: half of the files that the process may open, as Slack needs some, too."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MAX_CONNECTIONS, soft // 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """The limits. Times are in seconds; `write_seconds` is how long a client may read nothing.

    `per_address` counts connections of an address which is none of our proxies.
    """

    in_all: int = field(default_factory=_connections_in_all)
    per_address: int = 100
    head_seconds: float = 10.0
    body_seconds: float = 75.0  # an upload by a slow phone, for which the chat waits 60 s
    write_seconds: float = 60.0


class Protocol(H11Protocol):
    """uvicorn's HTTP/1.1, with deadlines."""

    def __init__(
        self, config: Config, server_state: ServerState, limits: ConnectionLimits, on_lost: Callable[[], None]
    ) -> None:
        super().__init__(config, server_state, app_state={})
        self.logger = _QUIET
        self._limits = limits
        self._on_lost = on_lost
        self._is_unused = True
        self._is_ending = False
        self._awaited: tuple[str, int] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._write_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        if self._is_ending:
            return
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        # What is left of the body is dropped as it comes in, so that the client hears the answer.
        self.cycle.body = bytearray()
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._deadline, self._write_deadline):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)
        self._on_lost()

    def shutdown(self) -> None:
        if self._is_ending:
            self.transport.abort()
        else:
            super().shutdown()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_deadline = self.loop.call_later(self._limits.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._write_deadline is not None:
            self._write_deadline.cancel()

    def send_400_response(self, _msg: str) -> None:
        self._close_with(_UNREADABLE)

    def _watch(self) -> None:
        """Set the deadline of what is awaited. It is not moved while that comes in byte by byte."""
        self._is_unused = self._is_unused and self.conn.their_state is h11.IDLE
        awaited = self._what_is_awaited()
        if awaited == self._awaited:
            return
        self._awaited = awaited
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if awaited is not None:
            part, _ = awaited
            seconds = self._limits.head_seconds if part == "head" else self._limits.body_seconds
            self._deadline = self.loop.call_later(seconds, self._on_deadline)

    def _what_is_awaited(self) -> tuple[str, int] | None:
        """Return the part that is awaited, and of which request; uvicorn ends idle connections itself."""
        if self.conn.their_state is h11.SEND_BODY:
            return "body", id(self.cycle)
        if self.conn.their_state is h11.IDLE and (self._is_unused or self.conn.trailing_data[0]):
            return "head", id(self.cycle)
        return None

    def _on_deadline(self) -> None:
        is_answered = False
        if self.conn.their_state is h11.SEND_BODY:
            is_answered = self.cycle.response_started
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._close_with(b"" if is_answered else _TOO_SLOW)

    def _close_with(self, answer: bytes) -> None:
        """Answer, and drop what still comes in: closed at once, the connection is reset before it is read."""
        if self._is_ending or self.transport.is_closing():
            return
        self._is_ending = True
        self.transport.resume_reading()
        self.transport.write(answer)
        self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.abort)


class Acceptor:
    """Accepts the connections of a listening socket."""

    def __init__(
        self, config: Config, server_state: ServerState, limits: ConnectionLimits, proxies: Sequence[str]
    ) -> None:
        self._config = config
        self._state = server_state
        self._limits = limits
        self._proxies = [ip_network(proxy) for proxy in proxies]
        self._by_address: Counter[str] = Counter()
        self._is_out_of_files = False

    async def run(self, listening: socket.socket) -> None:
        """Accept connections until cancelled."""
        listening.setblocking(False)
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, peer = await loop.sock_accept(listening)
            except ConnectionError:
                continue
            except OSError as error:
                self._log_once(error)
                await asyncio.sleep(ACCEPT_RETRY_SECONDS)
                continue
            self._is_out_of_files = False
            await self._admit(connection, peer)

    async def _admit(self, connection: socket.socket, peer: Any) -> None:  # noqa: ANN401 - by address family
        host = str(peer[0])
        group = "" if self._is_proxy(host) else address_group(host)
        is_full = len(self._state.connections) >= self._limits.in_all
        if is_full or (group and self._by_address[group] >= self._limits.per_address):
            _refuse(connection)
            return
        self._by_address[group] += 1

        def leave() -> None:
            self._by_address[group] -= 1
            if not self._by_address[group]:
                del self._by_address[group]

        loop = asyncio.get_running_loop()
        try:
            # asyncio does so only where the socket names its protocol, which an accepted one does not: the
            # second part of an answer would wait for the receipt of the first, which is 40 ms late.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.connect_accepted_socket(
                lambda: Protocol(self._config, self._state, self._limits, leave), connection
            )
        except OSError:
            leave()
            connection.close()

    def _is_proxy(self, host: str) -> bool:
        try:
            address = ip_address(host.partition("%")[0])
        except ValueError:
            return False
        return any(address in network for network in self._proxies)

    def _log_once(self, error: OSError) -> None:
        if not self._is_out_of_files:
            log.error("no connection can be accepted at the moment: %s", error.strerror)
        self._is_out_of_files = True


def _refuse(connection: socket.socket) -> None:
    with connection:
        connection.setblocking(False)
        try:
            connection.send(_TOO_MANY)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            return
