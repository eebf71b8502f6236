"""Publish notices on a status page of Cachet, version 3."""

from adapters.destinations.cachet.client import Cachet
from adapters.destinations.cachet.profile import PROFILE
from adapters.destinations.cachet.settings import CachetSettings
from adapters.destinations.entry import DestinationContext, DestinationEntry

__all__ = ["CACHET", "Cachet"]


def _build(settings: CachetSettings, context: DestinationContext) -> Cachet:
    return Cachet(
        api_url=settings.cachet_api_url,
        api_key=settings.cachet_api_key.get_secret_value(),
        component_ids=context.policy.component_ids(PROFILE.name),
        without_id=context.policy.components_without_id(PROFILE.name),
        clock=context.clock,
    )


CACHET = DestinationEntry(profile=PROFILE, settings=CachetSettings, build=_build)
