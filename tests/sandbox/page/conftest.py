"""Serve the page with Slack and X on a free port, and connect a Bolt app that records payloads."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import bot_ui, breakdown, control, fault_menu, mail, notice_ui, page, slack, x
from sandbox.app import new_app, serving
from sandbox.cachet import CachetPage
from sandbox.control import Control
from sandbox.faults import Faults
from sandbox.feed_reader import FeedReader
from sandbox.ledger import Ledger
from sandbox.mail import PostOffice
from sandbox.model import Model
from sandbox.ports import reserved_port
from sandbox.replay import Replay
from sandbox.slack import Limits, Workspace
from sandbox.statuspage import StatusPage
from sandbox.trackers import boards
from sandbox.trackers.board import utc_now
from sandbox.webhook import Receiver
from sandbox.world import World
from sandbox.x import XNetwork
from tests.browser import Visit, page_fixture

Json = dict[str, Any]
Reaction = Callable[[Json, AsyncWebClient], Awaitable[Json | None]]
SUPPORT = "C0SUPPORT"


@pytest.fixture
def world() -> World:
    """A world whose Slack has no rate limits."""
    ledger, faults = Ledger(), Faults()
    network = XNetwork(ledger, faults)
    workspace = Workspace(ledger, faults, limits=Limits.unpaced())
    model, office = Model(ledger, faults), PostOffice(ledger, faults, events=network.events)
    return World(
        ledger,
        faults,
        workspace,
        network,
        model,
        Replay(network),
        office,
        StatusPage(ledger, faults),
        CachetPage(ledger, faults),
        Receiver(ledger, faults),
        FeedReader(ledger),
        boards(ledger, faults, utc_now),
    )


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """The port of every sandbox of this worker, so that the browser's cache serves the page's files."""
    with reserved_port() as port:
        yield port


@page_fixture
async def address(world: World, port: int) -> AsyncIterator[str]:
    """Serve the world with the page; yields its address.

    The browser may cache the page's 69 files: fetching them is half of a load.
    """
    app = new_app()
    app.on_response_prepare.append(_let_files_be_kept)
    slack.add_routes(app, world.slack)
    x.add_routes(app, world.x)
    control.add_routes(app, Control(world.ledger, world.faults, world.x, world.model, world.replay))
    mail.add_routes(app, world.mail)
    notice_ui.add_routes(app, world.statuspage, world.cachet, world.webhook, world.feed, world.trackers)
    breakdown.add_routes(app, world.breakdown)
    fault_menu.add_routes(app, fault_menu.FaultMenu(world.faults, world.slack, world.clock))
    bot_ui.add_routes(app, world)
    page.add_routes(app)
    async with serving(app, port) as served:
        yield served
        await world.replay.stop()


async def _let_files_be_kept(request: web.Request, response: web.StreamResponse) -> None:
    if request.path.startswith("/page/"):
        response.headers["Cache-Control"] = "max-age=3600"


@dataclass
class Bot:
    """An app that acks everything, records every payload, and reacts as the test defines.

    A reaction is keyed by an action_id, a callback_id, a command or an event; its return value becomes the
    ack.
    """

    client: AsyncWebClient
    received: list[Json] = field(default_factory=list)
    reactions: dict[str, Reaction] = field(default_factory=dict)
    updated: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def record(self, name: str, body: Json, ack: Callable[..., Awaitable[Any]]) -> None:
        """Record a payload, run its reaction, ack it."""
        async with self.updated:
            self.received.append(body)
            self.updated.notify_all()
        answer = await self.reactions[name](body, self.client) if name in self.reactions else None
        await ack(**(answer or {}))

    async def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait until a condition on the recorded payloads is true.

        Raises TimeoutError when it stays false.
        """
        async with asyncio.timeout(seconds), self.updated:
            await self.updated.wait_for(condition)

    def actions(self) -> list[Json]:
        """The recorded actions, without their timestamps."""
        found = [body["actions"][0] for body in self.received if body.get("type") == "block_actions"]
        return [{key: value for key, value in action.items() if key != "action_ts"} for action in found]

    async def post(
        self,
        blocks: list[Json] | None = None,
        text: str = "card",
        *,
        channel: str = SUPPORT,
        thread_ts: str | None = None,
    ) -> str:
        """Post a message into a channel; returns its ts."""
        sent = await self.client.chat_postMessage(
            channel=channel, text=text, blocks=blocks, thread_ts=thread_ts
        )
        return str(sent["ts"])


@page_fixture
async def bot(address: str) -> AsyncIterator[Bot]:
    """The connected app."""
    client = AsyncWebClient("xoxb-sandbox-bot", base_url=f"{address}/slack/api/", retry_handlers=[])
    app = AsyncApp(name="test", client=client, process_before_response=True)
    made = Bot(client)

    async def on_action(body: Json, ack: Callable[..., Awaitable[Any]]) -> None:
        await made.record(body["actions"][0]["action_id"], body, ack)

    async def on_view(body: Json, ack: Callable[..., Awaitable[Any]]) -> None:
        await made.record(body["view"]["callback_id"], body, ack)

    async def on_command(body: Json, ack: Callable[..., Awaitable[Any]]) -> None:
        await made.record(body["command"], body, ack)

    async def on_shortcut(body: Json, ack: Callable[..., Awaitable[Any]]) -> None:
        await made.record(body["callback_id"], body, ack)

    async def on_event(body: Json, ack: Callable[..., Awaitable[Any]]) -> None:
        await made.record(body["event"]["type"], body, ack)

    anything = re.compile(".*", re.DOTALL)
    app.action(anything)(on_action)
    app.view(anything)(on_view)
    app.view_closed(anything)(on_view)
    app.command(anything)(on_command)
    app.shortcut(anything)(on_shortcut)
    app.event(anything)(on_event)
    handler = AsyncSocketModeHandler(app, "xapp-sandbox-app")
    await handler.connect_async()  # type: ignore[no-untyped-call]  # as slack_bolt declares it
    yield made
    await handler.close_async()  # type: ignore[no-untyped-call]  # as slack_bolt declares it


@page_fixture
async def sam(visit: Visit, address: str) -> Page:
    """The page as Sam sees it on a desktop, in #support."""
    return await visit(address)
