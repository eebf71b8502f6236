"""Timers of the rota: give out cases, and return claims to the queue."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from domain.access import Standing
from domain.cases.rota import ReturnReason
from handlers.access import allows
from handlers.cases.rota import (
    assign_in_turn,
    holders,
    next_turn,
    return_claims_of,
    return_stale_claims,
)
from handlers.context import AppContext
from handlers.presence import present as present_of
from handlers.timers.schedule import Timer

log = logging.getLogger(__name__)

ASSIGN_EVERY = timedelta(seconds=10)
RETURN_EVERY = timedelta(minutes=1)
LOOK_UP_EVERY = timedelta(minutes=10)  # a call of Slack for everybody who has a case


def rota_timers(ctx: AppContext) -> list[Timer]:
    """Return the timers; that which gives out cases only where the rota is on."""
    timers = [
        Timer("return claims to the queue", RETURN_EVERY, partial(return_claims, ctx)),
        Timer("return claims of the deactivated", LOOK_UP_EVERY, partial(return_claims_of_outsiders, ctx)),
    ]
    if ctx.policy.rota.is_on:
        timers.append(Timer("give out cases", ASSIGN_EVERY, partial(give_out, ctx)))
    return timers


async def give_out(ctx: AppContext) -> None:
    """Give the unclaimed cases to agents who are present."""
    rota, agents = ctx.policy.rota, await ctx.directory.agents()
    turn = await ctx.desk.run(next_turn, agents=agents, policy=rota, now=ctx.clock.now())
    present = await present_of(ctx, turn.candidates, most=turn.waiting)
    if present:
        await ctx.desk.run(assign_in_turn, present=present, policy=rota, now=ctx.clock.now())


async def return_claims(ctx: AppContext) -> None:
    """Return the claims of those who have left, and those in which nothing is done."""
    now = ctx.clock.now()
    await _return_claims_of(ctx, await _who_left(ctx))
    if (stale_after := ctx.policy.rota.stale_after) is not None:
        await ctx.desk.run(return_stale_claims, stale_after=stale_after, now=now)


async def return_claims_of_outsiders(ctx: AppContext) -> None:
    """Return the claims of those whom a channel still lists, but who may no longer act.

    Slack lists the deactivated for a while; others have become guests. Of whom it says nothing, nothing is
    returned.
    """
    left: dict[str, ReturnReason] = {}
    for user_id in sorted(await ctx.desk.run(holders)):
        standing = await ctx.directory.standing(user_id)
        if standing is Standing.DEACTIVATED:
            left[user_id] = ReturnReason.DEACTIVATED
        elif standing is not Standing.UNKNOWN and not allows(ctx, standing):
            left[user_id] = ReturnReason.LEFT
    await _return_claims_of(ctx, left)


async def _return_claims_of(ctx: AppContext, left: Mapping[str, ReturnReason]) -> None:
    if left and (count := await ctx.desk.run(return_claims_of, left=left, now=ctx.clock.now())):
        log.warning("returned %d cases of people who have left to the queue", count)


async def _who_left(ctx: AppContext) -> dict[str, ReturnReason]:
    """Return who has a case and may no longer act; nobody while Slack has not said who may."""
    agents = await ctx.directory.agents()
    gone = await ctx.desk.run(holders) - agents if agents else frozenset()
    return {
        user_id: ReturnReason.LEFT if await ctx.directory.is_active(user_id) else ReturnReason.DEACTIVATED
        for user_id in sorted(gone)
    }
