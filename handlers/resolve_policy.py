"""Look up in Slack the channels and user groups that the settings name, and return the policy."""

import logging
from collections.abc import Sequence

from adapters.settings import Settings, policy
from adapters.slack.api_calls import CALL_ERRORS
from adapters.slack.directory import Directory
from domain.clock import Clock
from domain.policy import Policy
from handlers.desk import Desk
from handlers.resolve_channels import pin_channels

log = logging.getLogger(__name__)


async def resolve_policy(
    settings: Settings, directory: Directory, desk: Desk, clock: Clock, names: Sequence[str]
) -> Policy:
    """Return the policy, with channels by id so that each has one pace however it was written.

    `names` are those of our accounts, of which the first stands for a brand name where none is set. Channels
    are those that their names meant first. A user group that a rule mentions and that Slack does not know is
    told in the log; nobody is mentioned.
    """
    slack = settings.choices.slack
    await pin_channels(desk, directory, settings.choices.channels(), clock.now())
    groups: dict[str, str] = {}
    for route in slack.routes:
        if route.mention is not None and route.mention not in groups:
            try:
                groups[route.mention] = await directory.group_id(route.mention)
            except CALL_ERRORS as error:
                log.warning("slack.routes, “%s”: nobody is mentioned: %s", route.name, error)
    return policy(
        settings.choices,
        brand=next(iter(names), ""),
        channel_ids={name: await directory.channel_id(name) for name in settings.choices.channels()},
        group_ids=groups,
        drafting=settings.environment.openai_api_key is not None,
    )
