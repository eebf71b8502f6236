"""List the networks. Each is a folder beside this file that exports one `NetworkEntry`."""

from collections.abc import Mapping

from adapters.networks.entry import NetworkEntry, NetworkSettings
from adapters.networks.x import X_NETWORK

NETWORKS: Mapping[str, NetworkEntry] = {entry.name: entry for entry in (X_NETWORK,)}


def settings_of(registry: Mapping[str, NetworkEntry]) -> dict[str, type[NetworkSettings]]:
    """Return each network's settings class by network name, as `adapters.settings` loads them."""
    return {name: entry.settings for name, entry in registry.items()}


def loggers_of(registry: Mapping[str, NetworkEntry]) -> list[str]:
    """Return the loggers of the networks' libraries, as `adapters.logs` caps them."""
    return [name for entry in registry.values() for name in entry.loggers]


def requirements_of(registry: Mapping[str, NetworkEntry]) -> str:
    """Name each network with the environment variables that it needs, for whoever has configured none."""
    return ", ".join(f"{entry.profile.label} ({', '.join(entry.required)})" for entry in registry.values())
