"""Serving the web side inside the bot's own event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Generator, Sequence

import uvicorn
from starlette.applications import Starlette


class _QuietServer(uvicorn.Server):
    """Leaves the signals to the bot."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class WebServer:
    """One listening socket. `address` is known once it has started; port 0 picks a free one.

    A visitor's address is what a proxy among `proxies` says it is, and else where the connection comes from.
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
        self._server = _QuietServer(config)
        self._task: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where it listens, as a URL."""
        if self._socket is None:
            raise RuntimeError("the web side has not started")
        port = self._socket.getsockname()[1]
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{port}"

    @property
    def place(self) -> str:
        """Where it is to listen, in words."""
        return f"{self._host}, port {self._port}"

    async def start(self) -> None:
        """Listen. Raises `OSError` where the port is taken."""
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        self._socket = socket.create_server((self._host, self._port), family=family)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]), name="web side")

    async def stop(self) -> None:
        """Answer what has been asked, then listen no more."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task
