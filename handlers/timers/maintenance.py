"""Make the maintenance timers: wake cases, expire offers and forms, re-post cards, re-rank, learn, prune."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from domain.records.audit import SYSTEM
from handlers.cases.deadlines import BATCH, act_on_deadlines, has_deadlines
from handlers.cases.missing_cards import post_missing_cards
from handlers.cases.office_opening import redraw_at_opening
from handlers.cases.open_forms import expire_forms
from handlers.cases.promises import BATCH as PROMISES_BATCH
from handlers.cases.promises import act_on_promises, has_promises_to_check
from handlers.cases.ranking import RERANK_BATCH, drop_due_times_of_spam, rerank_cases
from handlers.cases.resolution import wake_due
from handlers.context import AppContext
from handlers.handoffs.expiry import remind_and_expire_offers
from handlers.intake.unproven_mails import remind_of_unproven
from handlers.knowledge.reply_choices import forget_old_choices
from handlers.knowledge.taught import is_due, prune_examples
from handlers.operations.handled_requests import forget_handled
from handlers.outages.reminders import leads_of_open, remind_leads, remind_of_approvals
from handlers.outages.subscribers import forget_unconfirmed
from handlers.records.retention import prune_aged
from handlers.replies.doubts import remind_of_doubts
from handlers.surge.flood import active_floods, ended_floods, tend_flood
from handlers.timers.causes import cause_timer
from handlers.timers.digests import digest_timers
from handlers.timers.outage_links import outage_link_timers
from handlers.timers.records import records_timers
from handlers.timers.rota import rota_timers
from handlers.timers.schedule import Timer
from handlers.timers.spikes import spike_timers
from handlers.timers.trackers import tracker_timers
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

WAKE_EVERY = timedelta(seconds=5)
OPEN_EVERY = timedelta(seconds=20)
FLOOD_EVERY = timedelta(seconds=4)  # three cards each time, and a second for threads
AFTER_FLOOD_EVERY = timedelta(seconds=30)
REMIND_EVERY = timedelta(seconds=20)
EXPIRE_EVERY = timedelta(minutes=1)
DEADLINES_EVERY = timedelta(seconds=15)
REPOST_EVERY = timedelta(minutes=10)
LEARN_EVERY = timedelta(hours=1)  # that it is night is looked up each time
PRUNE_EVERY = timedelta(hours=1)
SETTLED_RETENTION = timedelta(days=30)
CALLS_RETENTION = timedelta(days=400)
AGED_RETENTION = timedelta(days=400)
READ_ARTICLES_EVERY = timedelta(minutes=1)
MISSED_LINES_EVERY = timedelta(seconds=15)  # some threads each time
PRUNE_BATCH_SIZE = 5_000  # rows in one transaction

ReadLines = Callable[[AppContext], Awaitable[None]]


def maintenance_timers(ctx: AppContext, read_missed_lines: ReadLines | None = None) -> list[Timer]:
    """Return the timers that run in every bot, whatever is configured.

    `read_missed_lines` reads in Slack what agents wrote for customers while the bot was away.
    """
    desk, clock = ctx.desk, ctx.clock

    async def wake() -> None:
        await desk.run(wake_due, now=clock.now())

    async def expire() -> None:
        await desk.run(remind_and_expire_offers, now=clock.now())

    async def forget_forms() -> None:
        await desk.run(expire_forms, now=clock.now())

    async def repost() -> None:
        posted = await desk.run(post_missing_cards, policy=ctx.policy, now=clock.now())
        if posted:
            log.warning("re-posted %d missing cards", posted)

    async def rerank() -> None:
        await desk.run(drop_due_times_of_spam, now=clock.now())
        while (count := await desk.run(rerank_cases)) > 0:
            log.info("ranked %d cases by the present rules", count)
            if count < RERANK_BATCH:
                return

    return [
        Timer("wake snoozed cases", WAKE_EVERY, wake),
        Timer("redraw cards when the desk opens", OPEN_EVERY, partial(_redraw_at_opening, ctx)),
        Timer("keep flooded channels up", FLOOD_EVERY, partial(_tend, ctx, active_floods)),
        Timer("give out what floods held back", AFTER_FLOOD_EVERY, partial(_tend, ctx, ended_floods)),
        Timer("remind of offers and expire them", EXPIRE_EVERY, expire),
        Timer("remind of answers in doubt", EXPIRE_EVERY, partial(_remind_of_doubts, ctx)),
        Timer("remind of unproven mails", EXPIRE_EVERY, partial(_remind_of_unproven, ctx)),
        Timer("act on what is due", DEADLINES_EVERY, partial(_act_on_deadlines, ctx)),
        Timer("act on promises", DEADLINES_EVERY, partial(_act_on_promises, ctx)),
        Timer("forget forms left open", EXPIRE_EVERY, forget_forms),
        Timer("re-post missing cards", REPOST_EVERY, repost),
        Timer("rank by the present rules", REPOST_EVERY, rerank),
        Timer("learn from corrections", LEARN_EVERY, partial(_learn, ctx)),
        Timer("prune the outbox", PRUNE_EVERY, partial(_prune, ctx)),
        *_knowledge_timers(ctx),
        *rota_timers(ctx),
        *spike_timers(ctx),
        Timer("remind of outages", REMIND_EVERY, partial(_remind, ctx)),
        Timer("forget who never confirmed", PRUNE_EVERY, partial(_forget_unconfirmed, ctx)),
        *outage_link_timers(ctx),
        cause_timer(ctx),
        *records_timers(ctx),
        *digest_timers(ctx),
        *tracker_timers(ctx),
        *(
            [Timer("read lines that were missed", MISSED_LINES_EVERY, partial(read_missed_lines, ctx))]
            if read_missed_lines is not None
            else []
        ),
    ]


def _knowledge_timers(ctx: AppContext) -> list[Timer]:
    async def forget() -> None:
        retention = ctx.policy.answer_retention
        await ctx.desk.run(forget_old_choices, retention=retention, now=ctx.clock.now())

    async def read_articles() -> None:
        await asyncio.to_thread(ctx.articles.sync)

    return [
        Timer("forget old answers", PRUNE_EVERY, forget),
        Timer("read the help articles", READ_ARTICLES_EVERY, read_articles, in_every_copy=True),
    ]


async def _tend(ctx: AppContext, floods: Callable[[UnitOfWork], list[int]]) -> None:
    """Tend these floods, each in a transaction of its own."""
    for flood_id in await ctx.desk.run(floods):
        await ctx.desk.run(tend_flood, flood_id=flood_id, now=ctx.clock.now())


async def _act_on_deadlines(ctx: AppContext) -> None:
    """Act on the answers and resolutions that are due soon, or overdue."""
    if not await ctx.desk.run(has_deadlines, now=ctx.clock.now()):
        return
    managers = await _managers(ctx)
    while await ctx.desk.run(act_on_deadlines, managers=managers, now=ctx.clock.now()) == BATCH:
        pass


async def _act_on_promises(ctx: AppContext) -> None:
    """Remind of what our answers promised, and settle what was not kept."""
    if not await ctx.desk.run(has_promises_to_check, now=ctx.clock.now()):
        return
    managers = await _managers(ctx) if ctx.policy.notifies_managers_of_promises else ()
    while await ctx.desk.run(act_on_promises, managers=managers, now=ctx.clock.now()) == PROMISES_BATCH:
        pass


async def _managers(ctx: AppContext) -> Collection[str]:
    """Return who is notified of missed targets: a channel, or the members of a user group."""
    managers = ctx.policy.managers
    if not managers.startswith(("@", "S")):
        return {managers} - {""}
    return await ctx.directory.group_members(managers)


async def _redraw_at_opening(ctx: AppContext) -> None:
    if count := await ctx.desk.run(redraw_at_opening, now=ctx.clock.now()):
        log.info("redraw %d cards: when the desk opens has changed", count)


async def _remind(ctx: AppContext) -> None:
    """Remind the leads of open outages, find those who left, and tell of notices that wait for approval."""
    leads = await ctx.desk.run(leads_of_open)
    left = {
        lead: (await ctx.directory.person(lead)).name
        for lead in leads
        if not await ctx.directory.is_active(lead)
    }
    policy, now = ctx.policy.outages, ctx.clock.now()
    await ctx.desk.run(remind_leads, policy=policy, left=left, now=now)
    await ctx.desk.run(remind_of_approvals, policy=policy, now=now)


async def _remind_of_doubts(ctx: AppContext) -> None:
    await ctx.desk.run(remind_of_doubts, policy=ctx.policy, now=ctx.clock.now())


async def _remind_of_unproven(ctx: AppContext) -> None:
    await ctx.desk.run(remind_of_unproven, policy=ctx.policy, now=ctx.clock.now())


async def _forget_unconfirmed(ctx: AppContext) -> None:
    """Delete the addresses that nobody confirmed for the e-mail list."""
    await ctx.desk.run(forget_unconfirmed, now=ctx.clock.now())


async def _learn(ctx: AppContext) -> None:
    """Delete the examples that are too old and, where it is time, train on the others."""
    now = ctx.clock.now()
    await ctx.desk.run(prune_examples, before=now - ctx.policy.keep_examples)
    if ctx.learner.can_learn and await ctx.desk.run(is_due, base=ctx.learner.base_id, now=now):
        await ctx.learner.learn(SYSTEM)


async def _prune(ctx: AppContext) -> None:
    before = ctx.clock.now() - SETTLED_RETENTION
    while await ctx.desk.run(_prune_batch, before=before) == PRUNE_BATCH_SIZE:
        log.info("pruned %d settled rows of the outbox", PRUNE_BATCH_SIZE)
    await ctx.desk.run(_prune_model_calls, before=ctx.clock.now() - CALLS_RETENTION)
    aged = ctx.clock.now() - AGED_RETENTION
    while PRUNE_BATCH_SIZE in await ctx.desk.run(prune_aged, before=aged, limit=PRUNE_BATCH_SIZE):
        pass
    await ctx.desk.run(forget_handled, now=ctx.clock.now())


def _prune_batch(uow: UnitOfWork, *, before: datetime) -> int:
    return uow.outbox.prune(before=before, limit=PRUNE_BATCH_SIZE)


def _prune_model_calls(uow: UnitOfWork, *, before: datetime) -> None:
    uow.model_calls.prune(before=before)
