"""Start and stop the edges of a running bot, in an order that loses no event."""

import asyncio
import contextlib
import logging
import os
from dataclasses import dataclass, field
from typing import TypeVar

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.socket_watch import SocketWatch
from adapters.temporary_folders import sweep_temporary_folders
from domain.networks import Networks
from handlers.background_tasks import BackgroundTasks
from handlers.delivery.loop import Delivery
from handlers.learner import Learner
from handlers.rehearsal import Rehearsals
from handlers.timers.schedule import Schedule
from handlers.web.chat.context import Chat
from handlers.web.server import WebServer

log = logging.getLogger(__name__)
T = TypeVar("T")

#: A text whose length takes all that a network's counting loads and compiles when it is first needed.
_WITH_LINK = "see example.com/x"


class CannotStart(Exception):
    """The bot cannot start; the text, for its operator, says what happened, why, and what to do."""


@dataclass(kw_only=True)
class RunningBot:
    """The edges of one bot.

    `socket` is `None` in HTTP mode, `chat` if live chat is not configured, `metrics` if no port is set for
    the metrics. `lost` fails where going on would lose what is written.
    """

    networks: Networks
    delivery: Delivery
    schedule: Schedule
    web: WebServer
    learner: Learner
    socket: AsyncSocketModeHandler | None
    background: BackgroundTasks
    rehearsals: Rehearsals
    chat: Chat | None = None
    metrics: WebServer | None = None
    socket_watch: SocketWatch | None = None
    lost: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    _delivery_task: asyncio.Task[None] | None = None
    _counting: asyncio.Task[None] | None = None

    async def parts(self) -> dict[str, bool | str]:
        """Return by name whether each part that must never end by itself works."""
        delivery, counting = self._delivery_task, self._counting
        begins = counting is not None and not counting.done()
        parts: dict[str, bool | str] = {
            "delivery": delivery is not None and not delivery.done() and (begins or self.delivery.is_alive),
            "scheduler": self.schedule.is_alive and (self.schedule.stuck() or True),
        }
        if self.socket_watch is not None:
            parts["slack"] = await self.socket_watch.works()
        return parts

    def heard_seconds(self) -> float | None:
        """Return how long ago Slack's socket last said anything; `None` where there is none."""
        return self.socket_watch.heard_seconds if self.socket_watch is not None else None

    async def reconnect(self) -> None:
        """Open Slack's socket anew where it is silent."""
        if self.socket_watch is not None:
            await self.socket_watch.reconnect()

    def lose(self, text: str) -> None:
        """End with this text: the database's file is no longer ours."""
        if not self.lost.done():
            self.lost.set_exception(CannotStart(text))

    async def start(self) -> None:
        """Start the edges: Slack first, so that no click is lost, then delivery and the timers.

        Raises `CannotStart` if the web server cannot bind its address.
        """
        await _listen(self.web, "The web side cannot listen at", "HTTP")
        if self.metrics is not None:
            await _listen(self.metrics, "The metrics cannot be served at", "METRICS")
        await asyncio.to_thread(sweep_temporary_folders)
        await self.learner.start()
        if self.socket is not None:
            await self.socket.connect_async()  # type: ignore[no-untyped-call]  # slack_sdk has no types here
        if self.chat is not None:
            self.chat.subscribe()
        self._counting = asyncio.create_task(asyncio.to_thread(self._count_once), name="first counts")
        self._delivery_task = asyncio.create_task(self._deliver(self._counting), name="delivery")
        self.schedule.start()
        slack_transport = "Socket Mode" if self.socket is not None else self.web.address + EVENTS_PATH
        accounts = ", ".join(
            f"@{connected.account.handle} on {connected.profile.label}"
            for connected in self.networks.values()
        )
        log.info(
            "ready: %s, Slack by %s, health at %s/healthz",
            accounts or "no network",
            slack_transport,
            self.web.address,
        )

    async def _deliver(self, counting: asyncio.Task[None]) -> None:
        """Deliver once texts can be counted at once: the first card would hold up all clicks for it."""
        await counting
        await self.delivery.run()

    def _count_once(self) -> None:
        for connected in self.networks.values():
            try:
                connected.profile.count(_WITH_LINK)
            except Exception:
                log.exception("texts for %s could not be counted", connected.profile.label)

    async def stop(self) -> None:
        """Stop accepting work, then finish what is in progress (graceful shutdown)."""
        await self.schedule.stop()
        if self.socket is not None:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                await self.socket.close_async()  # type: ignore[no-untyped-call]  # slack_sdk has no types here
        await self.background.stop()
        if self.chat is not None:
            self.chat.close()
        await self.web.stop()
        if self.metrics is not None:
            await self.metrics.stop()
        # A press in its channel opens a rehearsal, so it is closed once no more can come.
        await self.rehearsals.stop()
        await self.learner.stop()
        await self.delivery.stop()
        if self._delivery_task is not None:
            await self._delivery_task


async def _listen(server: WebServer, failure: str, prefix: str) -> None:
    """Start a web server. Raises `CannotStart` where it cannot bind its address."""
    try:
        await server.start()
    except OSError as error:
        raise CannotStart(
            f"{failure} {server.endpoint}: {os.strerror(error.errno or 0)}. Set {prefix}_PORT to a free "
            f"port, or to 0 for any, and {prefix}_HOST to an address of this machine."
        ) from error
