"""Handle `/mentions replies figures`: show how saved replies are used, and dismiss proposals."""

import asyncio

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId
from adapters.slack.message_content import View
from adapters.slack.modals import render_reply_figures
from handlers.context import AppContext
from handlers.knowledge.reply_figures import dismiss_proposal, load_history, summarize
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the button."""
    app.action(ActionId.PROPOSAL_DISMISS.value)(on_press(ctx, _dismiss))


async def open_figures(ctx: AppContext, trigger_id: str) -> None:
    """Open the figures."""
    await ctx.modals.open_view(trigger_id, await _view(ctx))


async def _dismiss(ctx: AppContext, press: Press) -> None:
    await ctx.desk.run(dismiss_proposal, key=press.value, user_id=press.user_id, now=ctx.clock.now())
    await ctx.modals.update_view(str(press.view.get("id")), await _view(ctx))


async def _view(ctx: AppContext) -> View:
    summary = await asyncio.to_thread(summarize, await ctx.desk.run(load_history), ctx.classifier)
    return render_reply_figures(
        figures=summary.figures,
        unanswered=summary.unanswered,
        proposals=summary.proposals,
        pairs=summary.pairs,
    )
