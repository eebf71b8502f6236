"""List the settings classes of everything that is configured by environment variables."""

from collections.abc import Mapping
from typing import TypedDict

from pydantic_settings import BaseSettings

from adapters.destinations.registry import DESTINATIONS
from adapters.destinations.registry import settings_of as destination_settings
from adapters.networks.entry import NetworkEntry
from adapters.networks.registry import NETWORKS, settings_of
from adapters.trackers.registry import settings_of as tracker_settings


class SettingKinds(TypedDict):
    """The settings classes by name, of each kind of part."""

    networks: Mapping[str, type[BaseSettings]]
    destinations: Mapping[str, type[BaseSettings]]
    trackers: Mapping[str, type[BaseSettings]]


def setting_kinds(registry: Mapping[str, NetworkEntry] = NETWORKS) -> SettingKinds:
    """Return the settings classes of networks, destinations and trackers, as `load_settings` takes them."""
    return {
        "networks": settings_of(registry),
        "destinations": destination_settings(DESTINATIONS),
        "trackers": tracker_settings(),
    }
