"""Each destination's client, and what stands in for the other side, over HTTP."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup

from adapters.destinations.entry import DestinationContext
from adapters.destinations.registry import DESTINATIONS, connect_destinations
from adapters.destinations.statuspage import Statuspage
from adapters.networks.x import X_NETWORK
from bot import SystemClock
from domain.accounts import Account
from domain.networks import Connected, NetworkProfile, Networks, SocialNetwork
from domain.outages.destinations import ConnectedDestination, Destination, DestinationProfile
from domain.outages.policy import OutagePolicy
from sandbox import statuspage, x
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.x import XNetwork
from tests.adapters.destinations.notices import POLICY
from tests.adapters.networks.x.servers import ACME, SECRETS, adapter_at
from tests.town import TOWN, a_town
from tests.town.client import TownClient
from tests.town.server import BRAND

TOTAL_SECONDS = 0.6
NOTHING: Any = None


def a_context(policy: OutagePolicy = POLICY, **changes: Any) -> DestinationContext:  # noqa: ANN401
    """Return what the bot gives to the destinations; without a team chat unless one is given."""
    usual: dict[str, Any] = {
        "clock": SystemClock(),
        "policy": policy,
        "team_chat": NOTHING,
        "draw_notice": NOTHING,
        "public_url": "https://help.example.com",
    }
    return DestinationContext(**usual | changes)


@dataclass(kw_only=True)
class StandIn:
    """A destination's client and the other side.

    `call` is the pattern of the call that
    publishes the first notice, for a fault, and `update_call` that of a later one. `states` returns the
    components' states by name, and `set_state` changes one as a person does there, such as to `other_state`,
    which no outage sets. `raw` returns the texts as they are stored there, and `read` what a reader sees of
    one.
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


STAND_INS: Mapping[str, Callable[..., AbstractAsyncContextManager[StandIn]]] = {
    "statuspage": a_statuspage,
    "x": an_x,
    "town": a_town_square,
}
