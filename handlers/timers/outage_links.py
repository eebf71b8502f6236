"""Compare new posts with open outages and spikes, and keep the boards of outages up to date."""

import logging
from datetime import timedelta
from functools import partial

from domain.surge.series import SeriesFinder
from handlers.context import AppContext
from handlers.outages.links import FULL_PASS, propose_links
from handlers.outages.stopping import bulks_to_take_back, take_back_rest
from handlers.outages.truth import follow_boards
from handlers.surge.counting import ARRIVALS_IN_A_BATCH
from handlers.surge.flood import gather_cases
from handlers.surge.spike_cases import join_spikes
from handlers.timers.schedule import Timer

log = logging.getLogger(__name__)

COMPARE_EVERY = timedelta(seconds=10)
FOLLOW_EVERY = timedelta(seconds=20)
TAKE_BACK_EVERY = timedelta(seconds=3)


def outage_link_timers(ctx: AppContext) -> list[Timer]:
    """Return the timers that link posts to outages, follow them, and take back stopped answers."""
    return [
        Timer("compare posts with outages", COMPARE_EVERY, partial(_compare, ctx)),
        Timer("keep outages' boards up to date", FOLLOW_EVERY, partial(_follow, ctx)),
        Timer("take back answers that were stopped", TAKE_BACK_EVERY, partial(_take_back, ctx)),
    ]


async def _compare(ctx: AppContext) -> None:
    """Propose links and join spikes until all posts were compared, and gather. A batch is one transaction."""
    finder = SeriesFinder(ctx.policy.outages.components)
    trained = (await ctx.live_classifier.refresh()).trained
    encoder = trained.encoder.name if trained is not None else ""
    while True:
        began = ctx.clock.now()
        compared = await ctx.desk.run(propose_links, policy=ctx.policy.outages, encoder=encoder, now=began)
        if compared < FULL_PASS:
            break
        log.info("compared %d posts with outages", compared)
    while await ctx.desk.run(join_spikes, finder=finder, now=ctx.clock.now()):
        log.info("compared %d posts with a spike", ARRIVALS_IN_A_BATCH)
    # In a transaction of its own: it locks floods, which come before the outbox that was just written.
    await ctx.desk.run(gather_cases, compared_until=began, now=ctx.clock.now())


async def _follow(ctx: AppContext) -> None:
    await ctx.desk.run(follow_boards, now=ctx.clock.now())


async def _take_back(ctx: AppContext) -> None:
    """Take back the answers that a stop left; some of them are one transaction."""
    for bulk_id in await ctx.desk.run(bulks_to_take_back):
        while taken := await ctx.desk.run(take_back_rest, bulk_id=bulk_id, now=ctx.clock.now()):
            log.info("took back %d answers of bulk answer %d, which was stopped", taken, bulk_id)
