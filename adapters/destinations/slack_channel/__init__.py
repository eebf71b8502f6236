"""Post notices for colleagues in a channel. Updates are replies in the thread of the first notice."""

from adapters.destinations.entry import DestinationContext, DestinationEntry, DestinationSettings
from adapters.destinations.slack_channel.client import PROFILE, AnnouncementsChannel

__all__ = ["SLACK_CHANNEL", "AnnouncementsChannel"]


def _build(_settings: DestinationSettings, context: DestinationContext) -> AnnouncementsChannel | None:
    channel = context.policy.announcements_channel
    if not channel:
        return None
    return AnnouncementsChannel(context.team_chat, channel, context.draw_notice, context.message_url)


SLACK_CHANNEL = DestinationEntry(profile=PROFILE, settings=DestinationSettings, build=_build)
