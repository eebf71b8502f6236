"""Describe a destination of notices to the bot: what each destination's folder exports."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.environment_variables import EnvironmentVariables
from domain.clock import Clock
from domain.delivery.team_chat import TeamChat
from domain.outages.destinations import Destination, DestinationProfile, OutgoingNotice
from domain.outages.policy import OutagePolicy
from domain.outages.published import FEED_PATH

#: Counts the confirmed subscribers of the e-mail list by language, most first.
CountSubscribers = Callable[[], Awaitable[Mapping[str, int]]]


class DestinationSettings(EnvironmentVariables):
    """The environment variables of a destination; none where the bot's other settings suffice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationContext:
    """What destinations need of the bot.

    `public_url` is where customers reach the bot's web side; `None` where that is not set. `draw_notice`
    renders a notice for the announcements channel of the team chat, and `message_url` returns the address of
    a message there, by its channel and timestamp. `count_subscribers` counts the e-mail list's by language;
    it is `None` where no mail can be sent to it.
    """

    clock: Clock
    policy: OutagePolicy
    team_chat: TeamChat
    draw_notice: Callable[[OutgoingNotice], Mapping[str, Any]]
    message_url: Callable[[str, str], str]
    public_url: str | None = None
    count_subscribers: CountSubscribers | None = None

    @property
    def feed_url(self) -> str | None:
        """The address of the feed; `None` where the web side has no public address."""
        return None if self.public_url is None else self.public_url + FEED_PATH


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationEntry:
    """One destination of the registry.

    `settings` are its environment variables; the destination is configured where all variables without a
    default are set. `build` makes the client from them; it returns `None` where the bot's other settings lack
    what the destination needs.
    """

    profile: DestinationProfile
    settings: type[DestinationSettings]
    build: Callable[[Any, DestinationContext], Destination | None]

    @property
    def name(self) -> str:
        """The name under which its publications are stored."""
        return self.profile.name
