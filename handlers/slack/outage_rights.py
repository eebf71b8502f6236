"""Look up a person's rights on outages: by the groups of the settings, else by the on-call channel."""

from domain.errors import DeskError
from domain.outages.lifecycle import Actor
from domain.outages.policy import Right
from handlers.context import AppContext

NOT_ON_CALL = (
    "Nothing was done: outages are for members of {who}, and you are not one of them. "
    "Ask one of them, or ask to be added."
)
ONCALL_CHANNEL = "the on-call channel"


async def outage_actor(ctx: AppContext, user_id: str) -> Actor:
    """Return the person with their rights; somebody who is deactivated in Slack has none."""
    policy = ctx.policy.outages
    rights = frozenset[Right]()
    if await ctx.directory.is_active(user_id):
        rights = frozenset([right for right in Right if user_id in await _who_has(ctx, right)])
    return Actor(user_id=user_id, rights=rights, groups=policy.groups)


async def require_any_right(ctx: AppContext, user_id: str) -> None:
    """Raise `DeskError` unless the person may do something with outages."""
    if not (await outage_actor(ctx, user_id)).rights:
        raise DeskError(NOT_ON_CALL.format(who=who_may_act(ctx)))


def who_may_act(ctx: AppContext) -> str:
    """Return in words who has any right: "@oncall-leads or the on-call channel"."""
    groups = ctx.policy.outages.groups
    named = [
        f"@{groups[right].removeprefix('@')}" if groups.get(right) else ONCALL_CHANNEL for right in Right
    ]
    return " or ".join(dict.fromkeys(named))


async def _who_has(ctx: AppContext, right: Right) -> frozenset[str]:
    policy = ctx.policy.outages
    if group := policy.groups.get(right):
        return await ctx.directory.group_members(group)
    return await ctx.directory.members(policy.oncall_channel)
