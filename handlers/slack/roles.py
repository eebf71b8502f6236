"""Decide who may see the queue, and who the records, by the groups of the settings."""

from domain.errors import DeskError
from handlers.context import AppContext
from handlers.slack.listeners import require_agent

NOT_FOR_RECORDS = (
    "Nothing was done: the audit trail and legal holds are for members of @{group}, and you are not one of "
    "them. Ask one of them, or ask to be added."
)


async def may_see(ctx: AppContext, user_id: str) -> bool:
    """Return whether the user may see cases: an agent, or somebody who may only view."""
    if await ctx.directory.may_act(user_id):
        return True
    group = ctx.policy.roles.viewer
    return bool(group) and user_id in await ctx.directory.group_members(group)


async def require_viewer(ctx: AppContext, user_id: str) -> None:
    """Raise `DeskError` unless the user may see cases."""
    if not await may_see(ctx, user_id):
        await require_agent(ctx, user_id)


async def require_records(ctx: AppContext, user_id: str) -> None:
    """Raise `DeskError` unless the user may see the audit trail, and place and lift legal holds."""
    group = ctx.policy.roles.records
    if not group:
        await require_agent(ctx, user_id)
    elif user_id not in await ctx.directory.group_members(group):
        raise DeskError(NOT_FOR_RECORDS.format(group=group.removeprefix("@")))
