"""Say which of the components in the settings a status page does not know."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.destinations.cachet.settings import CachetSettings
from adapters.destinations.components import PageComponents
from adapters.destinations.registry import connect_destinations
from adapters.destinations.statuspage.settings import StatuspageSettings
from domain.networks import Networks
from domain.outages.policy import Component
from sandbox import cachet, statuspage
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from tests.adapters.destinations.notices import POLICY
from tests.adapters.destinations.stand_ins import a_context


@pytest.mark.parametrize(
    ("ids", "without_id", "ok", "said"),
    [
        ({"Payments": "p1"}, (), True, "1 known by id"),
        (
            {"Payments": "p1"},
            ("Search", "App"),
            True,
            "1 known by id; left out there for want of ids.page: Search, App",
        ),
        ({}, ("Search",), True, "0 known by id; left out there for want of ids.page: Search"),
        (
            {"Fax": "f9"},
            ("Search",),
            False,
            "not on the page: Fax (f9); left out there for want of ids.page: Search",
        ),
    ],
)
def test_the_check_names_what_the_page_does_not_know(
    ids: dict[str, str], without_id: tuple[str, ...], ok: bool, said: str
) -> None:
    line = PageComponents("page", "Page", ids, (), without_id).check_line({"p1": "operational"})
    assert (line.ok, line.detail) == (ok, said)


@pytest.mark.parametrize("name", ["statuspage", "cachet"])
async def test_a_component_that_the_settings_only_name_is_told_by_check(name: str) -> None:
    policy = replace(POLICY, components=(POLICY.components[0], Component(name="Search")))
    app = new_app()
    statuspage.add_routes(app, statuspage.StatusPage(Ledger(), Faults()))
    cachet.add_routes(app, cachet.CachetPage(Ledger(), Faults()))
    async with serving(app) as where:
        settings: dict[str, Any] = {
            "statuspage": StatuspageSettings(
                statuspage_api_url=f"{where}/statuspage",
                statuspage_api_key=SecretStr(statuspage.API_KEY),
                statuspage_page_id=statuspage.PAGE_ID,
            ),
            "cachet": CachetSettings(
                cachet_api_url=f"{where}/cachet/api", cachet_api_key=SecretStr(cachet.API_KEY)
            ),
        }
        client = connect_destinations({name: settings[name]}, a_context(policy), Networks({}))[name].client
        try:
            *_, line = await client.probe()
        finally:
            await client.close()
    assert (line.ok, line.detail) == (True, f"1 known by id; left out there for want of ids.{name}: Search")
