"""Decide who may see the queue, the records and the reports, by the user groups of the settings."""

from adapters.slack.escaping import one_line
from domain.errors import DeskError
from handlers.context import AppContext
from handlers.slack.listeners import require_agent

NOT_FOR_RECORDS = (
    "Nothing was done: the audit trail and legal holds are for members of {group}, and you are not one of "
    "them. Ask one of them, or ask to be added."
)
NOT_FOR_REPORTS = (
    "Nothing is shown: summaries and exports are for members of {group}, and you are not one of them. "
    "Ask one of them, or ask to be added."
)


async def may_see(ctx: AppContext, user_id: str) -> bool:
    """Return whether the user may see cases: an agent, or somebody who may only view."""
    if await ctx.directory.may_act(user_id):
        return True
    group = ctx.policy.roles.viewer
    return bool(group) and await _is_member(ctx, user_id, group)


async def require_viewer(ctx: AppContext, user_id: str) -> None:
    """Raise `DeskError` unless the user may see cases."""
    if not await may_see(ctx, user_id):
        await require_agent(ctx, user_id)


async def require_records(ctx: AppContext, user_id: str) -> None:
    """Raise `DeskError` unless the user may see the audit trail, and place and lift legal holds."""
    await _require_member(ctx, user_id, ctx.policy.roles.records, NOT_FOR_RECORDS)


async def require_reports(ctx: AppContext, user_id: str) -> None:
    """Raise `DeskError` unless the user may see summaries and export figures."""
    await _require_member(ctx, user_id, ctx.policy.reports_group, NOT_FOR_REPORTS)


async def _require_member(ctx: AppContext, user_id: str, group: str, refusal: str) -> None:
    """Raise `DeskError` unless the user is in the group; without one, unless they may act on cases."""
    if not group:
        await require_agent(ctx, user_id)
    elif not await _is_member(ctx, user_id, group):
        raise DeskError(refusal.format(group=f"@{one_line(group).removeprefix('@')}"))


async def _is_member(ctx: AppContext, user_id: str, group: str) -> bool:
    # A group keeps its members once they are deactivated.
    return user_id in await ctx.directory.group_members(group) and await ctx.directory.is_active(user_id)
