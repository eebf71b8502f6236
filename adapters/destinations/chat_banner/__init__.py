"""Show the newest notice of an open outage at the top of the chat page."""

from adapters.destinations.entry import DestinationContext, DestinationEntry, DestinationSettings
from adapters.destinations.own_pages import OwnPage
from domain.networks import TextCount
from domain.outages.destinations import DestinationProfile, Languages

__all__ = ["CHAT_BANNER"]

MAX_LENGTH = 500  # what a telephone shows above a conversation

PROFILE = DestinationProfile(
    name="chat_banner",
    label="Chat page",
    languages=Languages.CHOSEN,
    count=lambda text: TextCount(length=len(text.strip()), limit=MAX_LENGTH),
    corrects=True,
    retracts=True,
    is_idempotent=True,
)


def _build(_settings: DestinationSettings, context: DestinationContext) -> OwnPage | None:
    return None if context.public_url is None else OwnPage(PROFILE.label, f"{context.public_url}/chat")


CHAT_BANNER = DestinationEntry(profile=PROFILE, settings=DestinationSettings, build=_build)
