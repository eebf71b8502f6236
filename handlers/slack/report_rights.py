"""Look up who may see reports: the managers' group of the settings, else who may work on cases."""

from adapters.slack.escaping import one_line
from domain.errors import DeskError
from handlers.context import AppContext
from handlers.slack.listeners import require_agent

NOT_A_READER = (
    "Nothing is shown: summaries and exports are for members of {who}, and you are not one of them. "
    "Ask one of them, or ask to be added."
)


async def require_reader(ctx: AppContext, user_id: str) -> None:
    """Raise `DeskError` unless the person may see reports."""
    group = ctx.policy.reports_group
    if not group:
        await require_agent(ctx, user_id)
    elif user_id not in await ctx.directory.group_members(group) or not await ctx.directory.is_active(
        user_id
    ):
        raise DeskError(NOT_A_READER.format(who=f"@{one_line(group).removeprefix('@')}"))
