"""Make the timer that books digests."""

from datetime import timedelta

from handlers.context import AppContext
from handlers.reports.digests import book_due_digests
from handlers.timers.schedule import Timer

BOOK_EVERY = timedelta(seconds=20)


def digest_timers(ctx: AppContext) -> list[Timer]:
    """Return the timer, where the settings have a digest."""

    async def book() -> None:
        await ctx.desk.run(book_due_digests, plans=ctx.policy.digests, now=ctx.clock.now())

    return [Timer("book digests", BOOK_EVERY, book)] if ctx.policy.digests else []
