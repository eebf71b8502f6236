"""Post the cards and threads of the history's last cases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from domain.cases.case import Case, CaseState
from domain.delivery.effect import Effect
from domain.delivery.effects import Job, PostCard
from domain.delivery.outcomes import Done
from domain.delivery.thread_effects import PostThread
from handlers.cases.views import get_case
from handlers.context import AppContext
from handlers.delivery.performers.cards import CardPoster
from handlers.delivery.performers.thread_posts import ThreadPoster
from handlers.delivery.settling import Performer
from handlers.post_spacing import PostSpacing
from storage.unit_of_work import UnitOfWork


async def post_cards(ctx: AppContext, case_ids: Iterable[int]) -> None:
    """Post the cards of those that are closed or wait for the customer.

    Open ones get theirs from the bot, with its suggestions. They are not kept apart: the sandbox takes them
    at once.
    """
    at_once = replace(ctx, post_spacing=PostSpacing(timedelta()))
    card_poster, thread_poster = CardPoster(at_once), ThreadPoster(at_once)
    for case_id in case_ids:
        case: Case = await ctx.desk.run(get_case, case_id=case_id)
        if case.state is not CaseState.OPEN:
            await _perform(ctx, card_poster, PostCard(case.id, case.channel))
            await _perform(ctx, thread_poster, PostThread(case.id, case.channel))


async def _perform(ctx: AppContext, performer: Performer, effect: Effect) -> None:
    """Perform an effect that is no row of the outbox, and leave nothing of it there."""
    now = ctx.clock.now()
    # No row has the generation 0: the token of the message is nobody else's.
    job = Job(
        id=effect.case or 0,
        effect=effect,
        generation=0,
        attempts=1,
        checks=0,
        reconciling=False,
        created_at=now,
    )
    outcome = await performer.perform(job)

    def record(uow: UnitOfWork) -> None:
        if isinstance(outcome, Done):
            performer.on_done(uow, job, outcome.result, now)
        uow.outbox.settle_queued(now=now)

    await ctx.desk.run(record)
