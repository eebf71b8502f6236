"""Hold the entries of the registry to what the bot expects of them."""

from typing import Any

import pytest
from pydantic import SecretStr

from adapters.destinations.entry import DestinationEntry
from adapters.destinations.registry import DESTINATIONS, connect_destinations, settings_of
from adapters.settings.environment import from_mapping
from domain.networks import Networks
from domain.outages.policy import OutagePolicy
from tests.adapters.destinations.stand_ins import a_context
from tests.source import ROOT

every_entry = pytest.mark.parametrize("entry", list(DESTINATIONS.values()), ids=lambda entry: entry.name)


def filled(entry: DestinationEntry) -> Any:  # noqa: ANN401 - of any destination
    """Return the destination's settings for an address where nothing listens."""
    given = {
        name.upper(): "http://127.0.0.1:9" if "url" in name else "a1" * 16
        for name in entry.settings.model_fields
    }
    return from_mapping(entry.settings, given)


def test_each_destination_is_a_folder_of_its_name() -> None:
    folders = {path.parent.name for path in (ROOT / "adapters" / "destinations").glob("*/__init__.py")}
    assert set(DESTINATIONS) == folders == set(settings_of(DESTINATIONS))
    assert all(name == entry.name for name, entry in DESTINATIONS.items())


@every_entry
def test_its_variables_are_described_and_its_keys_are_secret(entry: DestinationEntry) -> None:
    for name, field in entry.settings.model_fields.items():
        assert field.description
        if name.endswith(("_key", "_secret", "webhook_url")):
            assert field.annotation is SecretStr


@every_entry
def test_its_profile_counts_and_says_what_it_can(entry: DestinationEntry) -> None:
    profile = entry.profile
    assert profile.label
    assert (profile.count("").length, profile.count("").fits) == (0, False)
    assert profile.count("hello there").fits
    assert not profile.count("word " * profile.count("").limit).fits
    assert profile.retracts or not profile.keeps_updates


async def test_all_configured_destinations_are_connected() -> None:
    settings = {name: filled(entry) for name, entry in DESTINATIONS.items()}
    connected = connect_destinations(settings, a_context(), Networks({}))
    assert list(connected) == list(DESTINATIONS)
    nowhere = a_context(OutagePolicy(), public_url=None)
    without = connect_destinations(settings, nowhere, Networks({}))
    assert set(connected) - set(without) == {"chat_banner", "feed", "slack_channel"}
    assert list(connect_destinations({}, a_context(), Networks({}))) == []
    for destination in (*connected.values(), *without.values()):
        await destination.client.close()
