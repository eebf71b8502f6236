"""List the destinations. Each is a folder beside this file that exports one `DestinationEntry`."""

from collections.abc import Mapping

from adapters.destinations.cachet import CACHET
from adapters.destinations.chat_banner import CHAT_BANNER
from adapters.destinations.email_list import EMAIL_LIST
from adapters.destinations.entry import DestinationContext, DestinationEntry, DestinationSettings
from adapters.destinations.feed import FEED
from adapters.destinations.network_posts import network_destinations
from adapters.destinations.slack_channel import SLACK_CHANNEL
from adapters.destinations.statuspage import STATUSPAGE
from adapters.destinations.webhook import WEBHOOK
from domain.networks import Networks
from domain.outages.destinations import ConnectedDestination, Destinations

DESTINATIONS: Mapping[str, DestinationEntry] = {
    entry.name: entry for entry in (STATUSPAGE, CACHET, CHAT_BANNER, EMAIL_LIST, FEED, SLACK_CHANNEL, WEBHOOK)
}


def settings_of(registry: Mapping[str, DestinationEntry]) -> dict[str, type[DestinationSettings]]:
    """Return each destination's settings class by name, as `adapters.settings` loads them."""
    return {name: entry.settings for name, entry in registry.items()}


def connect_destinations(
    settings: Mapping[str, object], context: DestinationContext, networks: Networks
) -> Destinations:
    """Make the clients of all destinations: the connected networks, then the configured others.

    `settings` are those of the configured destinations by name. Makes no call.
    """
    others = [
        ConnectedDestination(profile=entry.profile, client=client)
        for name, entry in DESTINATIONS.items()
        if name in settings and (client := entry.build(settings[name], context)) is not None
    ]
    return Destinations([*network_destinations(networks), *others])
