"""Each destination's client, and what stands in for the other side, over HTTP."""

import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bs4 import BeautifulSoup

from adapters.destinations.cachet import Cachet
from adapters.destinations.entry import DestinationContext
from adapters.destinations.registry import DESTINATIONS, connect_destinations
from adapters.destinations.statuspage import Statuspage
from adapters.destinations.webhook import Webhook
from adapters.networks.x import X_NETWORK
from adapters.slack.api_calls import web_client
from adapters.slack.client import SlackTeamChat
from adapters.slack.directory import Directory
from adapters.slack.manifest import manifest
from adapters.slack.outages.announcements import draw_announcement
from adapters.slack.permalinks import permalink
from bot import SystemClock
from domain.accounts import Account
from domain.networks import Connected, NetworkProfile, Networks, SocialNetwork
from domain.outages.destinations import ConnectedDestination, Destination, DestinationProfile
from domain.outages.policy import OutagePolicy
from sandbox import cachet, slack, statuspage, webhook, x
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.slack import Limits, Workspace
from sandbox.x import XNetwork
from tests.adapters.destinations.notices import POLICY
from tests.adapters.networks.x.servers import ACME, SECRETS, adapter_at
from tests.adapters.slack.conftest import BOT_TOKEN
from tests.town import TOWN, a_town
from tests.town.client import TownClient
from tests.town.server import BRAND

TOTAL_SECONDS = 1.5
NOTHING: Any = None


async def two_subscribers() -> Mapping[str, int]:
    """Count the subscribers of the e-mail list by language."""
    return {"en": 1, "de": 1}


def a_context(policy: OutagePolicy = POLICY, **changes: Any) -> DestinationContext:  # noqa: ANN401
    """Return what the bot gives to the destinations; without a team chat unless one is given."""
    usual: dict[str, Any] = {
        "clock": SystemClock(),
        "policy": policy,
        "team_chat": NOTHING,
        "draw_notice": draw_announcement,
        "message_url": partial(permalink, "https://acme.slack.com/"),
        "public_url": "https://help.example.com",
        "count_subscribers": two_subscribers,
    }
    return DestinationContext(**usual | changes)


@dataclass(kw_only=True)
class StandIn:
    """A destination's client and the other side.

    `call` is the pattern of the call that publishes the first notice, for a fault, `update_call` that of a
    later one. `states` returns the components' states by name, and `set_state` changes one as a person does
    there, such as to `other_state`, which no outage sets. `answers_by_status`: a refusal is an HTTP status.
    `entries` counts the incidents, where there are such, and `names` are theirs. `raw` returns the texts as
    they are stored there, and `read` what a reader sees of one.
    """

    profile: DestinationProfile
    client: Destination
    raw: Callable[[], list[str]]
    faults: Faults
    call: str
    update_call: str
    secrets: tuple[str, ...] = ()
    states: Callable[[], Mapping[str, str]] = field(default=dict)
    set_state: Callable[[str, str], None] | None = None
    other_state: str = ""
    read: Callable[[str], str] = str
    answers_by_status: bool = True
    entries: Callable[[], int] | None = None
    names: Callable[[], list[str]] | None = None

    def shown(self) -> list[str]:
        """Return the texts that readers see there now, oldest first."""
        return [self.read(text) for text in self.raw()]


def html_text(markup: str) -> str:
    """Return what a reader sees of a piece of HTML."""
    return BeautifulSoup(markup, "html.parser").get_text()


@asynccontextmanager
async def a_statuspage(address: str | None = None) -> AsyncIterator[StandIn]:
    page = statuspage.StatusPage(Ledger(), Faults())
    app = new_app()
    statuspage.add_routes(app, page)
    names = {component["name"]: one for one, component in page.components.items()}

    def set_state(name: str, state: str) -> None:
        page.components[names[name]]["status"] = state

    async with serving(app) as where:
        client = Statuspage(
            api_url=address or f"{where}/statuspage",
            api_key=statuspage.API_KEY,
            page_id=statuspage.PAGE_ID,
            component_ids=POLICY.component_ids("statuspage"),
            total_seconds=TOTAL_SECONDS,
        )
        yield StandIn(
            profile=DESTINATIONS["statuspage"].profile,
            client=client,
            raw=lambda: [one["body"] for inc in page.incidents.values() for one in inc["incident_updates"]],
            faults=page.faults,
            call="statuspage:POST */incidents",
            update_call="statuspage:PATCH */incidents/{incident}",
            secrets=(statuspage.API_KEY,),
            states=lambda: {c["name"]: c["status"] for c in page.components.values()},
            set_state=set_state,
            other_state="under_maintenance",
            entries=lambda: len(page.incidents),
            names=lambda: [one["name"] for one in page.incidents.values()],
            read=html_text,
        )
        await client.close()


def posts_of(profile: NetworkProfile, client: SocialNetwork, account: Account) -> ConnectedDestination:
    """Return the destination that the registry makes of a network."""
    networks = Networks({profile.name: Connected(profile=profile, client=client, account=account)})
    return connect_destinations({}, a_context(), networks)[profile.name]


@asynccontextmanager
async def an_x(address: str | None = None) -> AsyncIterator[StandIn]:
    network = XNetwork(Ledger(), Faults())
    network.brand.followers = 1200
    app = new_app()
    x.add_routes(app, network)
    async with (
        serving(app) as where,
        adapter_at(address or f"{where}/x", total_seconds=TOTAL_SECONDS) as client,
    ):
        destination = posts_of(X_NETWORK.profile, client, ACME)
        yield StandIn(
            profile=destination.profile,
            client=destination.client,
            raw=lambda: [
                post.text for post in network.by_author.get(network.brand.id, []) if not post.deleted
            ],
            faults=network.faults,
            call="x:POST /2/tweets",
            update_call="x:POST /2/tweets",
            secrets=SECRETS,
        )


@asynccontextmanager
async def a_town_square(address: str | None = None) -> AsyncIterator[StandIn]:
    async with a_town() as (town, where):
        client = TownClient(address or where, total_seconds=TOTAL_SECONDS)
        account = Account(network=TOWN.name, **BRAND)
        destination = posts_of(TOWN.profile, client, account)
        yield StandIn(
            profile=destination.profile,
            client=destination.client,
            raw=lambda: [one["text"] for one in town.own],
            faults=town.faults,
            call="town:POST /own",
            update_call="town:POST /own",
        )


def markdown_text(markdown: str) -> str:
    """Return what a reader sees of a text whose Markdown is all escaped; anything else stays as it is."""
    return re.sub(r"\\([\\`*_\[\]<#])", r"\1", markdown).replace("  \n", "\n")


@asynccontextmanager
async def a_cachet(address: str | None = None) -> AsyncIterator[StandIn]:
    page = cachet.CachetPage(Ledger(), Faults())
    app = new_app()
    cachet.add_routes(app, page)
    names = {component["name"]: one for one, component in page.components.items()}

    def set_state(name: str, state: str) -> None:
        page.components[names[name]]["status"] = int(state)

    async with serving(app) as where:
        client = Cachet(
            api_url=address or f"{where}/cachet/api",
            api_key=cachet.API_KEY,
            component_ids=POLICY.component_ids("cachet"),
            clock=SystemClock(),
            total_seconds=TOTAL_SECONDS,
        )
        yield StandIn(
            profile=DESTINATIONS["cachet"].profile,
            client=client,
            raw=lambda: [
                one["message"]
                for entry in page.entries["incidents"].values()
                for one in (entry, *entry["updates"])
                if entry["visible"] and entry["notifications"]
            ],
            faults=page.faults,
            call="cachet:POST /incidents",
            update_call="cachet:POST /incidents/{entry}/updates",
            secrets=(cachet.API_KEY,),
            states=lambda: {c["name"]: str(c["status"]) for c in page.components.values()},
            set_state=set_state,
            other_state="5",
            read=markdown_text,
            entries=lambda: len(page.entries["incidents"]),
            names=lambda: [one["name"] for one in page.entries["incidents"].values()],
        )
        await client.close()


@asynccontextmanager
async def a_webhook(address: str | None = None) -> AsyncIterator[StandIn]:
    receiver = webhook.Receiver(Ledger(), Faults())
    app = new_app()
    webhook.add_routes(app, receiver)
    async with serving(app) as where:
        client = Webhook(
            url=f"{address or where}{webhook.PATH}",
            secret=webhook.SECRET,
            clock=SystemClock(),
            feed_url="https://help.example.com/feed/outages.atom",
            total_seconds=TOTAL_SECONDS,
        )
        yield StandIn(
            profile=DESTINATIONS["webhook"].profile,
            client=client,
            raw=lambda: [next(iter(one["texts"].values())) for one in receiver.notices()],
            faults=receiver.faults,
            call=webhook.CALL,
            update_call=webhook.CALL,
            secrets=(webhook.SECRET, webhook.PATH),
        )
        await client.close()


@asynccontextmanager
async def a_slack_channel(address: str | None = None) -> AsyncIterator[StandIn]:
    workspace = Workspace(Ledger(), Faults(), limits=Limits.unpaced())
    workspace.install(manifest(socket_mode=True))
    app = new_app()
    slack.add_routes(app, workspace)
    channel = "C0SUPPORT"
    async with serving(app) as where:
        workspace.address = where
        web = web_client(BOT_TOKEN, base_url=f"{address or where}/slack/api/", timeout_seconds=1)
        directory = Directory(web, support_channel="#support", agents_group="", seconds=time.monotonic)
        context = a_context(
            OutagePolicy(announcements_channel=channel), team_chat=SlackTeamChat(web, directory)
        )
        destination = connect_destinations({"slack_channel": None}, context, Networks({}))["slack_channel"]
        yield StandIn(
            profile=destination.profile,
            client=destination.client,
            raw=lambda: [
                message["blocks"][1]["text"]["text"]
                for first in workspace.messages(channel)
                for message in workspace.thread(channel, first["ts"])
                if "blocks" in message
            ],
            faults=workspace.faults,
            call="slack:chat.postMessage",
            update_call="slack:chat.postMessage",
            secrets=(BOT_TOKEN,),
            answers_by_status=False,
        )


STAND_INS: Mapping[str, Callable[..., AbstractAsyncContextManager[StandIn]]] = {
    "statuspage": a_statuspage,
    "cachet": a_cachet,
    "webhook": a_webhook,
    "slack_channel": a_slack_channel,
    "x": an_x,
    "town": a_town_square,
}
