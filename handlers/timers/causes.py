"""Compare new posts with the causes that are tracked."""

from datetime import timedelta
from functools import partial

from handlers.causes.tracking import compare_posts
from handlers.context import AppContext
from handlers.timers.schedule import Timer

COMPARE_EVERY = timedelta(seconds=15)


def cause_timer(ctx: AppContext) -> Timer:
    """Return the timer that compares posts with causes, a batch in each transaction."""
    return Timer("compare posts with causes", COMPARE_EVERY, partial(_compare, ctx))


async def _compare(ctx: AppContext) -> None:
    while await ctx.desk.run(compare_posts):
        pass
