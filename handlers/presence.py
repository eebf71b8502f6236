"""Find out which agents are at work: present in Slack, and not away by their own word."""

from collections.abc import Collection, Iterable
from datetime import datetime

from handlers.access import is_allowed
from handlers.context import AppContext
from storage.unit_of_work import UnitOfWork

MAX_ASKED = 30  # people whose presence Slack is asked for one answer


async def present(ctx: AppContext, candidates: Iterable[str], *, most: int) -> list[str]:
    """Return the first candidates who are people, present and may act; no more are asked for than needed.

    Bots are none, even where the settings let them act.
    """
    found: list[str] = []
    for user_id in candidates:
        if len(found) == most:
            break
        # What somebody is today is asked last: of all candidates each minute, Slack would soon refuse to say.
        is_candidate = not await ctx.directory.is_bot(user_id) and await ctx.directory.is_present(user_id)
        if is_candidate and await is_allowed(ctx, user_id):
            found.append(user_id)
    return found


async def is_somebody_there(ctx: AppContext) -> bool:
    """Return whether an agent is present and not away; at most `MAX_ASKED` agents are looked at."""
    agents = await ctx.directory.agents()
    able = await ctx.desk.run(_not_away, agents=agents, now=ctx.clock.now())
    return bool(await present(ctx, able[:MAX_ASKED], most=1))


async def is_at_work(ctx: AppContext, user_id: str) -> bool:
    """Return whether this agent is present, and not away by their own word."""
    until = await ctx.desk.run_at_once(_away_until, user_id=user_id)
    return (until is None or until <= ctx.clock.now()) and await ctx.directory.is_present(user_id)


def _away_until(uow: UnitOfWork, *, user_id: str) -> datetime | None:
    return uow.agents.away_until(user_id)


def _not_away(uow: UnitOfWork, *, agents: Collection[str], now: datetime) -> list[str]:
    return sorted(set(agents) - uow.agents.away(now))
