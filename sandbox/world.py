"""The whole pretend world: Slack, X and a model in one process on one loopback port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox import control, page, slack
from sandbox import model as models
from sandbox import x as networks
from sandbox.app import new_app, serving
from sandbox.control import Control
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.model import API_KEY, MODEL_NAME, Model
from sandbox.replay import Replay
from sandbox.slack import Workspace
from sandbox.x import XNetwork


@dataclass(slots=True)
class World:
    """Everything there is outside the bot. The state outlives every bot that connects to it."""

    ledger: Ledger
    faults: Faults
    slack: Workspace
    x: XNetwork
    model: Model
    replay: Replay

    @classmethod
    def create(cls) -> "World":
        """A fresh world: the demo workspace, the brand on X, no posts."""
        ledger, faults = Ledger(), Faults()
        network = XNetwork(ledger, faults)
        return cls(ledger, faults, Workspace(ledger, faults), network, Model(ledger, faults), Replay(network))

    def environment(self, address: str) -> dict[str, str]:
        """The environment that a bot needs to live in this world, served at `address`."""
        keys = self.x.keys
        return {
            "SLACK_BOT_TOKEN": "xoxb-sandbox-bot",
            "SLACK_APP_TOKEN": "xapp-sandbox-app",
            "SLACK_API_URL": f"{address}/slack/api/",
            "X_API_URL": f"{address}/x",
            "X_CONSUMER_KEY": keys.consumer_key,
            "X_CONSUMER_SECRET": keys.consumer_secret,
            "X_ACCESS_TOKEN": keys.access_token,
            "X_ACCESS_TOKEN_SECRET": keys.access_token_secret,
            "OPENAI_BASE_URL": f"{address}/openai/v1",
            "OPENAI_API_KEY": API_KEY,
            "OPENAI_MODEL": MODEL_NAME,
        }


@asynccontextmanager
async def running(world: World, port: int = 0) -> AsyncIterator[str]:
    """Serve the world while the block runs; yields its address, `http://127.0.0.1:PORT` (port 0 picks a free one)."""
    app = new_app()
    slack.add_routes(app, world.slack)
    networks.add_routes(app, world.x)
    models.add_routes(app, world.model)
    control.add_routes(app, Control(world.ledger, world.faults, world.x, world.model, world.replay))
    page.add_routes(app)
    async with serving(app, port) as address:
        world.slack.address = address
        try:
            yield address
        finally:
            await world.replay.stop()
