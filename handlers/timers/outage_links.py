"""Compare new posts with open outages and spikes, and keep the boards of outages up to date."""

import logging
from datetime import UTC, datetime, timedelta
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
#: What somebody was about to send while it was stopped is taken back within this time, or by who sends it.
STOPPED_LATELY = timedelta(hours=1)
EVER = datetime(1970, 1, 1, tzinfo=UTC)


def outage_link_timers(ctx: AppContext) -> list[Timer]:
    """Return the timers that link posts to outages, follow them, and take back stopped answers."""
    return [
        Timer("compare posts with outages", COMPARE_EVERY, partial(_compare, ctx)),
        Timer("keep outages' boards up to date", FOLLOW_EVERY, partial(_follow, ctx)),
        Timer("take back answers that were stopped", TAKE_BACK_EVERY, StoppedAnswers(ctx).take_back),
    ]


async def _compare(ctx: AppContext) -> None:
    """Propose links and join spikes until all posts were compared, and gather. A batch is one transaction."""
    finder = SeriesFinder(ctx.policy.outages.components)
    trained = (await ctx.live_classifier.refresh()).trained
    encoder = trained.encoder.name if trained is not None else ""
    stop_words = frozenset().union(*ctx.stop_words.values())
    while True:
        began = ctx.clock.now()
        compared = await ctx.desk.run(
            propose_links, policy=ctx.policy.outages, encoder=encoder, now=began, stop_words=stop_words
        )
        if compared < FULL_PASS:
            break
        log.info("compared %d posts with outages", compared)
    while await ctx.desk.run(join_spikes, finder=finder, now=ctx.clock.now()):
        log.info("compared %d posts with a spike", ARRIVALS_IN_A_BATCH)
    # In a transaction of its own: it locks floods, which come before the outbox that was just written.
    await ctx.desk.run(gather_cases, compared_until=began, now=ctx.clock.now())


async def _follow(ctx: AppContext) -> None:
    await ctx.desk.run(follow_boards, now=ctx.clock.now())


class StoppedAnswers:
    """Takes back the answers that a stop left.

    The first time of all stops, as nobody may have done it; then of late ones alone, as there are ever more.
    """

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx
        self._since = EVER

    async def take_back(self) -> None:
        """Take back what waits; some answers are one transaction."""
        desk, clock = self._ctx.desk, self._ctx.clock
        began = clock.now()
        for bulk_id in await desk.run(bulks_to_take_back, since=self._since):
            after: int | None = 0
            while after is not None:
                taken = await desk.run(take_back_rest, bulk_id=bulk_id, now=clock.now(), after=after)
                after = taken.last
                if taken.number:
                    log.info(
                        "took back %d answers of bulk answer %d, which was stopped", taken.number, bulk_id
                    )
        self._since = began - STOPPED_LATELY
