"""Run a bot until it is told to stop, or cannot go on."""

import asyncio
import logging
import signal
from typing import Any, Protocol

from handlers.lifecycle import RunningBot

log = logging.getLogger("switchboard")

START_ENDS_WITHIN = 10.0  # seconds after it was cancelled


class Servable(Protocol):
    """A bot that can be started and stopped."""

    async def start(self) -> RunningBot:
        """Connect to the networks, then start everything."""
        ...

    async def stop(self) -> None:
        """Finish what is in progress, then close all connections."""
        ...


def stop_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def serve(bot: Servable, stop: asyncio.Event) -> None:
    """Run until `stop` is set, then stop gracefully; what was cut off is reconciled at the next start.

    Raises `CannotStart` where the bot cannot start, or may not go on.
    """
    stopped = asyncio.create_task(stop.wait())
    started = asyncio.create_task(bot.start())
    try:
        await asyncio.wait({stopped, started}, return_when=asyncio.FIRST_COMPLETED)
        if started.done():
            lost = (await started).lost
            waited_for: set[asyncio.Future[Any]] = {stopped, lost}
            await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
            if lost.done():
                lost.result()
        log.info("stopping: what is under way is finished first")
    finally:
        started.cancel()
        stopped.cancel()
        await asyncio.wait({started}, timeout=START_ENDS_WITHIN)  # the stop closes what it uses
        await bot.stop()
    log.info("stopped")
