"""Handle `/mentions replies figures`: show how saved replies are used; save or dismiss proposals."""

import asyncio
from dataclasses import replace

from slack_bolt.async_app import AsyncApp

from adapters.slack.message_content import View
from adapters.slack.modals import render_reply_figures, render_reply_form
from adapters.slack.saved_reply_ids import SavedReplyAction
from domain.cases.masked_views import mask_questions
from handlers.cases.preferences import blur_choice
from handlers.context import AppContext
from handlers.knowledge.reply_figures import ReplySummary, dismiss_proposal, load_history, summarize
from handlers.knowledge.reply_from_case import reply_form_from_proposal
from handlers.knowledge.saved_replies import count_erasures
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons."""
    app.action(SavedReplyAction.PROPOSAL_DISMISS.value)(on_press(ctx, _dismiss))
    app.action(SavedReplyAction.PROPOSAL_SAVE.value)(on_press(ctx, _save))


async def open_figures(ctx: AppContext, trigger_id: str, user_id: str) -> None:
    """Open the figures."""
    await ctx.modals.open_view(trigger_id, await _view(ctx, user_id))


async def _dismiss(ctx: AppContext, press: Press) -> None:
    await ctx.desk.run(dismiss_proposal, key=press.value, user_id=press.user_id, now=ctx.clock.now())
    await ctx.modals.update_view(press.view_id, await _view(ctx, press.user_id))


async def _save(ctx: AppContext, press: Press) -> None:
    """Open the form for the proposed reply in place of the figures, or show these anew where it is gone."""
    erasures = await ctx.desk.run_at_once(count_erasures)
    summary = await _summary(ctx)
    proposal = next((found for found in summary.proposals if found.key == press.value), None)
    if proposal is None:
        view = await _render(ctx, summary, press.user_id)
    else:
        form = await ctx.desk.run_at_once(
            reply_form_from_proposal,
            proposal=proposal,
            user_id=press.user_id,
            policy=ctx.policy,
            our_account=ctx.our_account,
        )
        view = render_reply_form(replace(form, erasures=erasures))
    await ctx.modals.update_view(press.view_id, view)


async def _view(ctx: AppContext, user_id: str) -> View:
    return await _render(ctx, await _summary(ctx), user_id)


async def _summary(ctx: AppContext) -> ReplySummary:
    classifier = await ctx.live_classifier.refresh()
    return await asyncio.to_thread(summarize, await ctx.desk.run_to_read(load_history), classifier)


async def _render(ctx: AppContext, summary: ReplySummary, user_id: str) -> View:
    """Render the figures; what customers asked is shown as the user chose."""
    mask = ctx.abuse.mask_for(await ctx.desk.run_at_once(blur_choice, user_id=user_id))
    return render_reply_figures(
        figures=summary.figures,
        unanswered=[mask_questions(group, mask) for group in summary.unanswered],
        proposals=[
            replace(proposal, examples=tuple(map(mask, proposal.examples))) for proposal in summary.proposals
        ],
        pairs=summary.pairs,
    )
