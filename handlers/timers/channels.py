"""Timer that looks whether the channels that the settings name are still what they were."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial

from adapters.slack.cases.channel_wording import channel_change_text
from domain.cases.named_channels import summary
from handlers.cases.named_channels import named_channels, tell_of_channels
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
    await ctx.desk.run(tell_of_channels, ctx.policy, changes, now=ctx.clock.now())
