"""Serve the sandbox on one loopback port."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

HOST = "127.0.0.1"
BODY_BYTES = 64 * 1024 * 1024
STOP_WITHIN_SECONDS = 2.0


def new_app() -> web.Application:
    """Create an empty aiohttp application, to which each part of the sandbox adds its routes.

    The application accepts large bodies, since each part limits its own.
    """
    return web.Application(client_max_size=BODY_BYTES)


@asynccontextmanager
async def serving(app: web.Application, port: int = 0) -> AsyncIterator[str]:
    """Serve `app` on loopback while the block runs; yields its address, `http://127.0.0.1:PORT`.

    Port 0 picks a free one. Raises OSError when the port is taken.
    """
    runner = web.AppRunner(
        app, access_log=None, shutdown_timeout=STOP_WITHIN_SECONDS, logger=logging.getLogger("sandbox.http")
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
