"""Each destination's client, and what stands in for the other side, over HTTP."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from bs4 import BeautifulSoup

from adapters.destinations.registry import DESTINATIONS
from adapters.destinations.statuspage import Statuspage
from domain.outages.destinations import Destination, DestinationProfile
from sandbox import statuspage
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from tests.adapters.destinations.notices import POLICY

TOTAL_SECONDS = 0.6


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


STAND_INS: Mapping[str, Callable[..., AbstractAsyncContextManager[StandIn]]] = {
    "statuspage": a_statuspage,
}
