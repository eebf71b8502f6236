"""Provide a sandbox Slack workspace over HTTP, and our client connected to it."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import web_client
from adapters.slack.client import SlackTeamChat
from adapters.slack.manifest import manifest
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.slack import Limits, Workspace, add_routes
from tests.adapters.slack.chats import chat_over

BOT_TOKEN = "xoxb-sandbox-bot"


@pytest.fixture
def limits() -> Limits:
    return Limits.unpaced()


@pytest.fixture
def workspace(limits: Limits) -> Workspace:
    """A workspace with our app installed from its manifest: it has only the scopes named there."""
    made = Workspace(Ledger(), Faults(), limits=limits)
    made.install(manifest(socket_mode=True))
    return made


@pytest.fixture
async def address(workspace: Workspace) -> AsyncIterator[str]:
    pretend = new_app()
    add_routes(pretend, workspace)
    async with serving(pretend) as served:
        yield f"{served}/slack/api/"


@pytest.fixture
def client(address: str) -> AsyncWebClient:
    return web_client(BOT_TOKEN, base_url=address, timeout_seconds=20)


@pytest.fixture
def chat(client: AsyncWebClient) -> SlackTeamChat:
    return chat_over(client)
