"""A bot at work: its edges, started and stopped in the order that loses nothing."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from adapters.networks.entry import NetworkEntry
from adapters.slack.api_calls import CALL_ERRORS
from domain.accounts import Account
from domain.intake.sources import SourceError
from domain.networks import Networks, SocialNetwork
from handlers.delivery.loop import Delivery
from handlers.desk import Desk
from handlers.intake.stream_health import keep_account, known_account
from handlers.timers.schedule import Schedule
from handlers.web.app import SLACK_PATH
from handlers.web.chat.context import Chat
from handlers.web.server import WebServer

log = logging.getLogger(__name__)
T = TypeVar("T")

RETRY_SECONDS = 5.0


class CannotStart(Exception):
    """The bot cannot start as things are; the text says what happened, why, and what to do."""


@dataclass(kw_only=True)
class Running:
    """The edges of one bot. `socket` is `None` in HTTP mode, `chat` where no live chat is offered."""

    networks: Networks
    delivery: Delivery
    schedule: Schedule
    web: WebServer
    socket: AsyncSocketModeHandler | None
    chat: Chat | None = None
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
        if self.chat is not None:
            self.chat.attend()
        self._delivering = asyncio.create_task(self.delivery.run(), name="delivery")
        self.schedule.start()
        way = "Socket Mode" if self.socket is not None else self.web.address + SLACK_PATH
        accounts = ", ".join(
            f"@{one.account.handle} on {one.profile.label}" for one in self.networks.values()
        )
        log.info(
            "ready: %s, Slack by %s, health at %s/health", accounts or "no network", way, self.web.address
        )

    async def stop(self) -> None:
        """Take nothing new, finish what is under way."""
        await self.schedule.stop()
        if self.socket is not None:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                await self.socket.close_async()  # type: ignore[no-untyped-call]
        if self.chat is not None:
            self.chat.close()
        await self.web.stop()
        await self.delivery.stop()
        if self._delivering is not None:
            await self._delivering


async def patiently(
    connect: Callable[[], Awaitable[T]], fault: Callable[[Exception], str | None], what: str
) -> T:
    """Connect, however long that takes; raises `CannotStart` where `fault` knows that waiting will not help."""
    while True:
        try:
            return await connect()
        except (*CALL_ERRORS, SourceError) as error:
            if (told := fault(error)) is not None:
                raise CannotStart(told) from None
            log.warning("%s cannot be reached, so the bot waits: %s", what, error)
        await asyncio.sleep(RETRY_SECONDS)


async def account_on(desk: Desk, entry: NetworkEntry, client: SocialNetwork) -> Account:
    """Our account on a network: as the network says, or, while it is away, as it last said, so that the desk can be worked meanwhile.

    Raises `CannotStart` where the network was never reached and waiting will not help.
    """
    label = entry.profile.label
    known = await desk.run(known_account, network=entry.name)
    if known is None:
        account = await patiently(client.account, entry.credentials_fault, label)
    else:
        try:
            account = await client.account()
        except SourceError as error:
            log.warning(
                "%s does not say whose keys these are, so it is taken to be @%s: %s",
                label,
                known.handle,
                error,
            )
            return known
    if account != known:
        await desk.run(keep_account, account=account)
    return account
