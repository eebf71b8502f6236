"""Find out which agents are at work: present in Slack, and not away by their own word."""

from collections.abc import Collection, Iterable
from datetime import datetime

from handlers.context import AppContext
from storage.unit_of_work import UnitOfWork

MAX_ASKED = 30  # people whose presence Slack is asked for one answer


async def present(ctx: AppContext, candidates: Iterable[str], *, most: int) -> list[str]:
    """Return the first candidates who are people and present; Slack is asked of no more than needed."""
    found: list[str] = []
    for user_id in candidates:
        if len(found) == most:
            break
        is_bot = user_id == ctx.bot_user_id or (await ctx.directory.person(user_id)).is_bot
        if not is_bot and await ctx.directory.is_present(user_id):
            found.append(user_id)
    return found


async def is_somebody_there(ctx: AppContext) -> bool:
    """Return whether an agent is present and not away; at most `MAX_ASKED` agents are looked at."""
    agents = await ctx.directory.agents()
    able = await ctx.desk.run(_not_away, agents=agents, now=ctx.clock.now())
    return bool(await present(ctx, able[:MAX_ASKED], most=1))


def _not_away(uow: UnitOfWork, *, agents: Collection[str], now: datetime) -> list[str]:
    return sorted(set(agents) - uow.agents.away(now))
