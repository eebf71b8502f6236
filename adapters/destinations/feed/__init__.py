"""Publish notices in an Atom feed that the bot serves."""

from adapters.destinations.entry import DestinationContext, DestinationEntry, DestinationSettings
from adapters.destinations.own_pages import OwnPage
from domain.outages.destinations import DestinationProfile, Languages

__all__ = ["FEED"]

PROFILE = DestinationProfile(
    name="feed",
    label="Feed",
    languages=Languages.CHOSEN,
    corrects=True,
    retracts=True,
    is_idempotent=True,
)


def _build(_settings: DestinationSettings, context: DestinationContext) -> OwnPage | None:
    return None if context.feed_url is None else OwnPage(PROFILE.label, context.feed_url)


FEED = DestinationEntry(profile=PROFILE, settings=DestinationSettings, build=_build)
