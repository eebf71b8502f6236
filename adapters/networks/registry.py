"""The networks that there are. Each is a folder beside this file that exports one `NetworkEntry`."""

from collections.abc import Mapping

from adapters.networks.entry import NetworkEntry, NetworkSettings
from adapters.networks.x import X_NETWORK

NETWORKS: Mapping[str, NetworkEntry] = {entry.name: entry for entry in (X_NETWORK,)}


def settings_of(registry: Mapping[str, NetworkEntry]) -> dict[str, type[NetworkSettings]]:
    """The settings of each network, by its name, as `adapters.settings` reads them."""
    return {name: entry.settings for name, entry in registry.items()}
