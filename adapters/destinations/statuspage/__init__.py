"""Publish notices on a status page of Atlassian Statuspage (API v1)."""

from adapters.destinations.entry import DestinationContext, DestinationEntry
from adapters.destinations.statuspage.client import Statuspage
from adapters.destinations.statuspage.profile import PROFILE
from adapters.destinations.statuspage.settings import StatuspageSettings

__all__ = ["STATUSPAGE", "Statuspage"]


def _build(settings: StatuspageSettings, context: DestinationContext) -> Statuspage:
    return Statuspage(
        api_url=settings.statuspage_api_url,
        api_key=settings.statuspage_api_key.get_secret_value(),
        page_id=settings.statuspage_page_id,
        component_ids=context.policy.component_ids(PROFILE.name),
        without_id=context.policy.components_without_id(PROFILE.name),
    )


STATUSPAGE = DestinationEntry(profile=PROFILE, settings=StatuspageSettings, build=_build)
