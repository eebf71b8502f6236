"""Timer that looks whether the channels that the settings name are still what they were."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial

from adapters.slack.cases.channel_wording import channel_change_text, namesake_text
from domain.cases.named_channels import summary
from domain.cases.namesakes import namesake_among
from handlers.cases.alerts import alert
from handlers.cases.named_channels import alert_changed_channels, named_channels
from handlers.context import AppContext
from handlers.resolve_channels import pin_channels
from handlers.timers.schedule import Timer

LOOK_EVERY = timedelta(minutes=10)


def channels_timer(ctx: AppContext, names: Collection[str]) -> Timer:
    """Return the timer. `names` are the channels of the settings, as written."""
    return Timer("look after named channels", LOOK_EVERY, partial(look_after_channels, ctx, names))


async def look_after_channels(ctx: AppContext, names: Collection[str]) -> None:
    """Pin names that could not be looked up before, and tell on-call of channels that have changed."""
    await pin_channels(ctx.desk, ctx.directory, names, ctx.clock.now())
    changes = []
    for channel in (await ctx.desk.run(named_channels)).values():
        facts = await ctx.directory.channel_facts(channel.name, channel.channel_id)
        if facts is not None:
            changes.append((channel, summary(channel, facts), channel_change_text(channel, facts)))
    await ctx.desk.run(alert_changed_channels, ctx.policy, changes, now=ctx.clock.now())


def namesakes_timer(ctx: AppContext) -> Timer:
    """Return the timer that looks for outsiders with an agent's name where agents work."""
    reported: set[tuple[str, str]] = set()
    return Timer("look for agents' namesakes", LOOK_EVERY, partial(look_for_namesakes, ctx, reported))


async def look_for_namesakes(ctx: AppContext, reported: set[tuple[str, str]]) -> None:
    """Alert on-call, once, of a guest or a stranger in a channel of ours who is called like an agent."""
    directory, policy = ctx.directory, ctx.policy
    agents = await directory.names_of(await directory.agents())
    channels = dict.fromkeys([policy.support_channel, *(route.channel for route in policy.routes)])
    for channel in filter(None, channels):
        for user_id, names in (await directory.names_of_outsiders(await directory.members(channel))).items():
            found = namesake_among(names, agents)
            if found is None or (user_id, found.agent) in reported:
                continue
            reported.add((user_id, found.agent))
            text, key = namesake_text(found.agent, found.shown, user_id, channel), f"namesake:{user_id}"
            await ctx.desk.run(alert, policy, text, dedupe_key=key, now=ctx.clock.now())
