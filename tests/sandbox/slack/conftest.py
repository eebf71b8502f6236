"""Serve a workspace on a free loopback port, and connect Bolt apps to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.slack import Limits, Workspace, add_routes
from tests.sandbox.slack.apps import Received

BOT_TOKEN = "xoxb-sandbox-bot"
APP_TOKEN = "xapp-sandbox-app"


class Clock:
    """A clock that tests advance."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Advance the clock."""
        self.now += seconds


@pytest.fixture
def limits() -> Limits:
    """Limits without rate limits, with long timeouts for a busy machine."""
    return Limits(paced=False, ack_seconds=10.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(limits: Limits, clock: Clock) -> Workspace:
    return Workspace(Ledger(), Faults(), clock=clock, limits=limits)


@pytest.fixture
async def address(workspace: Workspace) -> AsyncIterator[str]:
    pretend = new_app()
    add_routes(pretend, workspace)
    async with serving(pretend) as served:
        yield served


@pytest.fixture
def client(address: str) -> AsyncWebClient:
    return AsyncWebClient(BOT_TOKEN, base_url=f"{address}/slack/api/", retry_handlers=[])


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(
        name="test", client=client, process_before_response=True, request_verification_enabled=True
    )


Connect = Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]


@pytest.fixture
async def connect(workspace: Workspace) -> AsyncIterator[Connect]:
    """Connect apps over Socket Mode until the test ends."""
    async with AsyncExitStack() as stack:

        async def connect_app(app: AsyncApp) -> AsyncSocketModeHandler:
            handler = AsyncSocketModeHandler(app, APP_TOKEN)
            stack.push_async_callback(handler.close_async)
            await handler.connect_async()  # type: ignore[no-untyped-call]  # as slack_bolt declares it
            return handler

        yield connect_app


@pytest.fixture
async def received(app: AsyncApp, connect: Connect) -> Received:
    """The payloads of a connected app."""
    received = Received(app)
    await connect(app)
    return received
