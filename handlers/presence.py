"""Find out which agents are at work: present in Slack, and not away by their own word."""

from collections.abc import Collection, Iterable
from datetime import datetime

from domain.access import Standing
from handlers.access import allows
from handlers.context import AppContext
from storage.unit_of_work import UnitOfWork

MAX_ASKED = 30  # people whose presence Slack is asked for one answer


async def present(ctx: AppContext, candidates: Iterable[str], *, most: int) -> list[str]:
    """Return the first candidates who are people and present; Slack is asked of no more than needed."""
    found: list[str] = []
    for user_id in candidates:
        if len(found) == most:
            break
        if await _is_person(ctx, user_id) and await ctx.directory.is_present(user_id):
            found.append(user_id)
    return found


async def _is_person(ctx: AppContext, user_id: str) -> bool:
    """Return whether this is somebody who may act and no bot, even where the settings let bots act."""
    standing = await ctx.directory.standing(user_id)
    return standing is not Standing.BOT and allows(ctx, standing)


async def is_somebody_there(ctx: AppContext) -> bool:
    """Return whether an agent is present and not away; at most `MAX_ASKED` agents are looked at."""
    agents = await ctx.directory.agents()
    able = await ctx.desk.run(_not_away, agents=agents, now=ctx.clock.now())
    return bool(await present(ctx, able[:MAX_ASKED], most=1))


def _not_away(uow: UnitOfWork, *, agents: Collection[str], now: datetime) -> list[str]:
    return sorted(set(agents) - uow.agents.away(now))
