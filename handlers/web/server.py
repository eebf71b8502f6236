"""Run uvicorn inside the bot's own event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Generator, Sequence

import uvicorn
from starlette.applications import Starlette


class _SignallessServer(uvicorn.Server):
    """A uvicorn server that installs no signal handlers: the bot handles signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class WebServer:
    """One listening socket. `address` is known after `start`; port 0 picks a free one.

    The client address is taken from the forwarded headers of a proxy among `proxies`,
    else from the connection.
    """

    def __init__(self, app: Starlette, host: str, port: int, *, proxies: Sequence[str] = ()) -> None:
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=list(proxies),
            timeout_graceful_shutdown=5,
        )
        self._server = _SignallessServer(config)
        self._task: asyncio.Task[None] | None = None

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
        self._socket = socket.create_server((self._host, self._port), family=family)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]), name="web side")

    async def stop(self) -> None:
        """Finish pending requests (for up to 5 seconds), then stop listening."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task
