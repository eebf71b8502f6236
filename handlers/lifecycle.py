"""A bot at work: its edges, started and stopped in the order that loses nothing."""

import asyncio
import contextlib
import logging
import os
from dataclasses import dataclass

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from domain.ports import Account
from handlers.timers.delivery import Delivery
from handlers.timers.schedule import Schedule
from handlers.web.app import SLACK_PATH
from handlers.web.server import WebServer

log = logging.getLogger(__name__)


class CannotStart(Exception):
    """The bot cannot start as things are; the text says what happened, why, and what to do."""


@dataclass(kw_only=True)
class Running:
    """The edges of one bot. `socket` is `None` in HTTP mode."""

    account: Account
    delivery: Delivery
    schedule: Schedule
    web: WebServer
    socket: AsyncSocketModeHandler | None
    _delivering: asyncio.Task[None] | None = None

    @property
    def is_well(self) -> bool:
        """Whether what must never stop is going on."""
        return self._delivering is not None and not self._delivering.done()

    async def start(self) -> None:
        """Begin: Slack first, so that nobody's click is lost, then the networks. Raises `CannotStart`."""
        try:
            await self.web.start()
        except OSError as error:
            raise CannotStart(
                f"The web side cannot listen at {self.web.place}: {os.strerror(error.errno or 0)}. Set HTTP_PORT to a free "
                "port, or to 0 for any, and HTTP_HOST to an address of this machine."
            ) from error
        if self.socket is not None:
            await self.socket.connect_async()  # type: ignore[no-untyped-call]
        self._delivering = asyncio.create_task(self.delivery.run(), name="delivery")
        self.schedule.start()
        way = "Socket Mode" if self.socket is not None else self.web.address + SLACK_PATH
        log.info("ready: @%s, Slack by %s, health at %s/health", self.account.handle, way, self.web.address)

    async def stop(self) -> None:
        """Take nothing new, finish what is under way."""
        await self.schedule.stop()
        if self.socket is not None:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                await self.socket.close_async()  # type: ignore[no-untyped-call]
        await self.web.stop()
        await self.delivery.stop()
        if self._delivering is not None:
            await self._delivering
