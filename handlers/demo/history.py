"""Open the demo's database, and apply the events of a history to it in transactions of many."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

from adapters.networks.entry import NetworkEntry
from adapters.settings import Settings, load_settings
from adapters.slack.directory import Directory
from adapters.slack.people import SlackIdentity
from domain.accounts import Account
from domain.clock import Clock
from domain.networks import SocialNetwork
from domain.outages.policy import Component
from domain.replies.rules_of_engagement import RulesOfEngagement
from domain.reports.digests import DigestPlan
from domain.surge.baseline import PRIOR_RATE, hour_number
from domain.surge.series import SeriesFinder, hourly_counts
from handlers.causes.tracking import compare_posts
from handlers.connections import fetch_accounts
from handlers.context import AppContext
from handlers.demo import cause_acts, outage_acts, private_acts, public_acts
from handlers.demo.cards import post_cards
from handlers.demo.completeness import compare_days
from handlers.demo.promise_acts import settle_promises
from handlers.demo.workspace import Workspace
from handlers.desk import Desk
from handlers.reports.digests import book_due_digests
from handlers.terminal.setting_kinds import setting_kinds
from sandbox.history.events import (
    Answered,
    AnsweredInPrivate,
    CauseFixed,
    CauseTracked,
    Claimed,
    Event,
    Linked,
    NoticeSent,
    Offered,
    OffersLookedAt,
    OwnPost,
    Posted,
    Rated,
    Resolved,
    WroteInPrivate,
)
from storage.unit_of_work import UnitOfWork

#: Events in a transaction. Fewer cards than begin a flood wait in it.
BATCH_SIZE = 25
#: Cases that are so old have no card: Slack's channel would be full of them.
CARDS_OF = timedelta(days=2)
_APPLY: Mapping[type[Event], Callable[[UnitOfWork, Workspace, Any], None]] = {
    Posted: public_acts.post,
    Claimed: public_acts.claim_case,
    Answered: public_acts.answer,
    Resolved: public_acts.resolve_case,
    Linked: public_acts.link,
    Offered: private_acts.offer,
    WroteInPrivate: private_acts.write,
    AnsweredInPrivate: private_acts.answer_in_private,
    Rated: private_acts.rate_chat,
    OffersLookedAt: private_acts.look_at_offers,
    NoticeSent: outage_acts.send_notice,
    CauseTracked: cause_acts.track,
    CauseFixed: cause_acts.fix,
}


class UnstartedBot(Protocol):
    """A bot that is put together, and polls and sends nothing yet."""

    desk: Desk
    directory: Directory
    registry: Mapping[str, NetworkEntry]
    clients: Mapping[str, SocialNetwork]

    async def stop(self) -> None:
        """Close the database and all connections."""
        ...


Bot = TypeVar("Bot", bound=UnstartedBot)


async def write_history(
    build: Callable[[Settings, Clock], Bot],
    connect: Callable[[Bot, SlackIdentity, Mapping[str, Account]], Awaitable[AppContext]],
    clock: Clock,
    events: Sequence[Event],
    folder: Path,
    environment: Mapping[str, str],
) -> list[OwnPost]:
    """Write a history into the database of the bot that is to run in `folder`; return our posts in it."""
    settings = load_settings(folder, environment, **setting_kinds())
    bot = build(settings, clock)
    try:
        accounts = await fetch_accounts(bot.desk, bot.registry, bot.clients)
        ctx = await connect(bot, await bot.directory.identity(), accounts)
        return await apply_events(ctx, events)
    finally:
        await bot.stop()


async def apply_events(ctx: AppContext, events: Sequence[Event]) -> list[OwnPost]:
    """Apply the events in their order; return the posts of ours that were made."""
    has_card = ctx.clock.now() - CARDS_OF
    workspace = Workspace.of(replace(ctx, rules=_that_block_nothing(ctx.rules)), recent=has_card)
    for start in range(0, len(events), BATCH_SIZE):
        await ctx.desk.run(_apply, workspace, events[start : start + BATCH_SIZE])
    while await ctx.desk.run(compare_posts):
        pass
    await post_cards(ctx, _last_cases(workspace, events, has_card))
    await ctx.desk.run(_book_digests, ctx.policy.digests, now=ctx.clock.now())
    for connected in ctx.networks.values():
        await ctx.desk.run(compare_days, connected.account, since=events[0].at, now=ctx.clock.now())
    await ctx.desk.run(_skip_counting, ctx.policy.outages.components, list(ctx.networks), now=ctx.clock.now())
    return workspace.own_posts


def _that_block_nothing(rules: RulesOfEngagement) -> RulesOfEngagement:
    """Return the rules without a hard one: what was sent in the past may break a rule made hard since."""
    return replace(rules, rules=[replace(rule, hard=False) for rule in rules.rules])


def _apply(uow: UnitOfWork, workspace: Workspace, events: Sequence[Event]) -> None:
    for event in events:
        _APPLY[type(event)](uow, workspace, event)
    settle_promises(uow, until=events[-1].at)
    uow.outbox.settle_queued(now=events[-1].at)


def _last_cases(workspace: Workspace, events: Sequence[Event], since: datetime) -> list[int]:
    """Return the ids of the cases in which something happened since then, the first one first."""
    stories = (event.story for event in events if event.at > since and event.story)
    return list(dict.fromkeys(workspace.cases[story] for story in stories))


def _book_digests(uow: UnitOfWork, plans: Sequence[DigestPlan], *, now: datetime) -> None:
    """Book the newest digest of each plan at its time, as if the bot had run: it is posted by the bot."""
    for plan in plans:
        due_at = plan.due_at(plan.newest_day(now))
        for at in (due_at - timedelta(days=plan.cadence.days), due_at):
            book_due_digests(uow, plans=[plan], now=at)


def _skip_counting(
    uow: UnitOfWork, components: Sequence[Component], networks: Sequence[str], *, now: datetime
) -> None:
    """Have the hours of the history not counted for the detection of spikes, but for one as is assumed.

    The demo's replay has more posts in a quarter of an hour than the history in a week: all of it would be a
    spike.
    """
    series = hourly_counts((), SeriesFinder(components), networks)
    uow.arrivals.save_counts(hour_number(now) - 1, dict.fromkeys(series, round(PRIOR_RATE)))
