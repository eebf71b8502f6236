"""Run uvicorn inside the bot's own event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Generator, Sequence

import uvicorn
from starlette.types import ASGIApp

from handlers.web.connections import Acceptor, ConnectionLimits
from handlers.web.request_limits import RequestBudget, RequestLimits
from handlers.web.security_headers import SecurityHeaders

_BACKLOG = 512  # connections that wait to be accepted


class _SignallessServer(uvicorn.Server):
    """A uvicorn server that installs no signal handlers: the bot handles signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class WebServer:
    """One listening socket. `address` is known after `start`; port 0 picks a free one.

    The client address is taken from the forwarded headers of a proxy among `proxies`,
    else from the connection. Every answer has the security headers, those of the server itself, too.
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        proxies: Sequence[str] = (),
        limits: ConnectionLimits | None = None,
        budget: RequestBudget | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None
        config = uvicorn.Config(
            SecurityHeaders(RequestLimits(app, budget or RequestBudget())),
            ws="none",
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=list(proxies),
            timeout_graceful_shutdown=5,
        )
        self._server = _SignallessServer(config)
        self._acceptor = Acceptor(
            config, self._server.server_state, limits or ConnectionLimits(), list(proxies)
        )
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def address(self) -> str:
        """The URL it listens on. Raises `RuntimeError` before `start`."""
        if self._socket is None:
            raise RuntimeError("the web side has not started")
        port = self._socket.getsockname()[1]
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{port}"

    @property
    def endpoint(self) -> str:
        """The configured host and port, for messages: "127.0.0.1, port 8080"."""
        return f"{self._host}, port {self._port}"

    async def start(self) -> None:
        """Start listening. Raises `OSError` if the port is taken."""
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        self._socket = socket.create_server((self._host, self._port), family=family, backlog=_BACKLOG)
        # uvicorn gets no socket: it serves the connections that are accepted here.
        serving = asyncio.create_task(self._server.serve(sockets=[]), name="web side")
        accepting = asyncio.create_task(self._acceptor.run(self._socket), name="web side's connections")
        self._tasks = [accepting, serving]

    async def stop(self) -> None:
        """Stop listening, then finish pending requests (for up to 5 seconds)."""
        if not self._tasks:
            return
        accepting, serving = self._tasks
        accepting.cancel()
        await asyncio.wait([accepting])
        if self._socket is not None:
            self._socket.close()
        self._server.should_exit = True
        await serving
