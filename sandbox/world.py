"""Run the whole sandbox in one process: Slack, X and the model on one loopback port, mail on two more."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import partial
from urllib.parse import quote

from aiohttp import web

from sandbox import (
    bot_ui,
    breakdown,
    cachet,
    control,
    fault_menu,
    mail,
    notice_ui,
    page,
    slack,
    statuspage,
    trackers,
    webhook,
)
from sandbox import model as models
from sandbox import x as networks
from sandbox.app import HOST, new_app, serving
from sandbox.bot_process import BotProcess
from sandbox.breakdown import Breakdown
from sandbox.cachet import CachetPage
from sandbox.clock import WorldClock
from sandbox.control import Control
from sandbox.fault_menu import FaultMenu
from sandbox.faults import Faults
from sandbox.feed_reader import FeedReader
from sandbox.ledger import Ledger
from sandbox.mail import PostOffice
from sandbox.mail.post_office import AUTHSERV_ID, BRAND, BRAND_NAME, PASSWORD
from sandbox.model import API_KEY, MODEL_NAME, Model
from sandbox.ports import reserved_port
from sandbox.replay import Replay
from sandbox.slack import Workspace
from sandbox.statuspage import StatusPage
from sandbox.trackers import Board
from sandbox.webhook import Receiver
from sandbox.x import XNetwork

SECRET_KEY = "the-sandbox-signs-with-what-everybody-knows"  # noqa: S105 - the sandbox has no secrets


@dataclass(slots=True)
class World:
    """All state outside the bot; it outlives every bot that connects.

    `bot_port` is reserved for the bot's web server while the world runs, so that links to it survive
    restarts. `bot` is the one that this process runs, as the demo does.
    """

    ledger: Ledger
    faults: Faults
    slack: Workspace
    x: XNetwork
    model: Model
    replay: Replay
    mail: PostOffice
    statuspage: StatusPage
    cachet: CachetPage
    webhook: Receiver
    feed: FeedReader
    trackers: dict[str, Board]
    bot_port: int = 0
    clock: WorldClock = field(default_factory=WorldClock)
    bot: BotProcess | None = None
    breakdown: Breakdown = field(init=False)

    def __post_init__(self) -> None:
        """Let posts of an outage end when it is resolved on the status page."""
        self.breakdown = Breakdown(self.x, lambda: self.statuspage.resolved)

    @classmethod
    def create(cls) -> "World":
        """Create a world with the demo workspace, the brand on X and no posts."""
        ledger, faults, clock = Ledger(), Faults(), WorldClock()
        network = XNetwork(ledger, faults, clock=clock)
        return cls(
            ledger,
            faults,
            Workspace(ledger, faults, clock=clock),
            network,
            Model(ledger, faults),
            Replay(network),
            PostOffice(ledger, faults, events=network.events, clock=clock),
            StatusPage(ledger, faults, clock=clock.now),
            CachetPage(ledger, faults, clock=clock.now),
            Receiver(ledger, faults, clock=clock),
            FeedReader(ledger),
            trackers.boards(ledger, faults, clock.now),
            clock=clock,
        )

    def environment(self, address: str) -> dict[str, str]:
        """Return the environment variables of a bot that uses this world, served at `address`."""
        keys = self.x.keys
        login = f"{quote(BRAND)}:{PASSWORD}@{HOST}"
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
            "OPENAI_PICTURE_MODEL": MODEL_NAME,
            "SMTP_URL": f"smtp://{login}:{self.mail.smtp_port}",
            "IMAP_URL": f"imap://{login}:{self.mail.imap_port}",
            "EMAIL_FROM": f"{BRAND_NAME} <{BRAND}>",
            "EMAIL_AUTHSERV_ID": AUTHSERV_ID,
            "EMAIL_BOUNCES": BRAND,
            "STATUSPAGE_API_URL": f"{address}/statuspage",
            "STATUSPAGE_API_KEY": statuspage.API_KEY,
            "STATUSPAGE_PAGE_ID": statuspage.PAGE_ID,
            "CACHET_API_URL": f"{address}/cachet/api",
            "CACHET_API_KEY": cachet.API_KEY,
            "NOTICE_WEBHOOK_URL": f"{address}{webhook.PATH}",
            "NOTICE_WEBHOOK_SECRET": webhook.SECRET,
            **trackers.environment(address),
            "PUBLIC_URL": f"http://{HOST}:{self.bot_port}",
            "SECRET_KEY": SECRET_KEY,
            "HTTP_PORT": str(self.bot_port),
        }


async def _date(clock: WorldClock, _request: web.Request, response: web.StreamResponse) -> None:
    """Date a response by the pretend world: who waits for a moment of it reckons from there."""
    response.headers["Date"] = format_datetime(clock.now(), usegmt=True)


@asynccontextmanager
async def running(world: World, port: int = 0) -> AsyncIterator[str]:
    """Serve the world while the block runs; yields its address, `http://127.0.0.1:PORT`.

    Port 0 picks a free one.
    """
    app = new_app()
    app.on_response_prepare.append(partial(_date, world.clock))
    slack.add_routes(app, world.slack)
    networks.add_routes(app, world.x)
    models.add_routes(app, world.model)
    control.add_routes(app, Control(world.ledger, world.faults, world.x, world.model, world.replay))
    mail.add_routes(app, world.mail)
    statuspage.add_routes(app, world.statuspage)
    cachet.add_routes(app, world.cachet)
    webhook.add_routes(app, world.webhook)
    trackers.add_routes(app, world.trackers)
    notice_ui.add_routes(app, world.statuspage, world.cachet, world.webhook, world.feed, world.trackers)
    breakdown.add_routes(app, world.breakdown)
    fault_menu.add_routes(app, FaultMenu(world.faults, world.slack, world.clock))
    bot_ui.add_routes(app, world)
    page.add_routes(app)
    with reserved_port() as world.bot_port:
        world.feed.address = f"http://{HOST}:{world.bot_port}/feed/outages.atom"
        async with mail.serving_mail(world.mail), serving(app, port) as address:
            world.slack.address = address
            try:
                yield address
            finally:
                await world.replay.stop()
                await world.breakdown.stop()
