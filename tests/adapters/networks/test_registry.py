"""Hold every network to one contract: the registered ones, and the tests' second network."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from adapters.networks.entry import NetworkEntry
from adapters.networks.registry import NETWORKS, loggers_of, settings_of
from adapters.settings.environment import from_mapping
from bot import SystemClock
from domain.accounts import Account
from domain.intake.posts import Author
from domain.networks import Capability, NetworkProfile, SocialNetwork
from tests.source import ROOT
from tests.town import TOWN

every_network = pytest.mark.parametrize("entry", [*NETWORKS.values(), TOWN], ids=lambda entry: entry.name)


def acts_of(profile: NetworkProfile) -> set[str]:
    """Return the acts on the network, each of which has a pace."""
    by_capability = {Capability.POSTS: "post", Capability.DIRECT_MESSAGES: "dm"}
    return {"reply", "find", *(act for one, act in by_capability.items() if one in profile.capabilities)}


def built(entry: NetworkEntry) -> SocialNetwork:
    """Build the network's client for an address where nothing listens."""
    given = {name.upper(): value for name, value in _values(entry.settings).items()}
    return entry.build(from_mapping(entry.settings, given), SystemClock())


def _values(settings: type[BaseSettings]) -> dict[str, str]:
    return {name: "http://127.0.0.1:9" if "url" in name else "secret" for name in settings.model_fields}


def test_each_network_is_a_folder_of_its_name() -> None:
    folders = {path.parent.name for path in (ROOT / "adapters" / "networks").glob("*/__init__.py")}
    assert set(NETWORKS) == folders == set(settings_of(NETWORKS))
    assert all(name == entry.name for name, entry in NETWORKS.items())


@every_network
def test_its_variables_are_described_and_begin_with_its_name(entry: NetworkEntry) -> None:
    for name, field in entry.settings.model_fields.items():
        assert name.startswith(f"{entry.name}_")
        assert field.description
    assert entry.required
    secret = [name for name, field in entry.settings.model_fields.items() if field.annotation is SecretStr]
    assert {name.upper() for name in secret} <= set(entry.required)


@every_network
async def test_it_has_what_its_capabilities_say(entry: NetworkEntry) -> None:
    client, capabilities = built(entry), entry.profile.capabilities
    assert (client.direct is not None) is (Capability.DIRECT_MESSAGES in capabilities)
    assert (entry.build_query(["acme"], []) is not None) is (Capability.SEARCH in capabilities)
    await client.close()


@every_network
def test_only_a_network_with_a_search_has_a_query(entry: NetworkEntry) -> None:
    blind = replace(entry, profile=replace(entry.profile, capabilities=frozenset()))
    assert (blind.has_search, blind.search_query(["acme"], [])) == (False, None)
    assert entry.search_query([], []) is None
    assert (entry.search_query(["acme"], []) is not None) is entry.has_search


@every_network
def test_its_profile_counts_and_paces_and_links(entry: NetworkEntry) -> None:
    profile = entry.profile
    assert profile.label
    assert (profile.count("").length, profile.count("").fits) == (0, False)
    assert profile.count("hello there").fits
    assert not profile.count("word " * profile.count("").limit * 2).fits
    assert profile.direct_message_length > 0
    assert set(profile.paces) == acts_of(profile)
    assert profile.price("hello") is None or profile.price("hello") > 0  # type: ignore[operator]  # not None then
    assert profile.post_price("hello") is None or profile.post_price("hello") > 0  # type: ignore[operator]  # not None then
    account = Account(network=entry.name, id="1", handle="acme", name="Acme")
    pages: list[Any] = [
        profile.reply_page("123", "hello & bye"),
        profile.own_replies_page("acme"),
        profile.direct_message_page(account),
        profile.author_page(Author(id="2", handle="ana", name="Ana", followers=0)),
    ]
    assert all(page is None or page.startswith("https://") for page in pages)
    assert all(page is None or " " not in page for page in pages)


def test_the_loggers_of_all_networks_are_listed_for_the_log() -> None:
    town = replace(TOWN, loggers=["town_client", "town_http"])
    assert loggers_of({"x": NETWORKS["x"], "town": town}) == [
        *NETWORKS["x"].loggers,
        "town_client",
        "town_http",
    ]
    assert "tweepy" in NETWORKS["x"].loggers


def test_an_error_that_waiting_may_end_is_no_fault_of_the_credentials() -> None:
    assert {entry.credentials_fault(TimeoutError()) for entry in NETWORKS.values()} == {None}
