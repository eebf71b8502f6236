"""Handle `/mentions outlook` and the buttons below an outlook."""

from functools import partial

from slack_bolt.async_app import AsyncApp

from adapters.slack.reports.ids import ReportAction
from adapters.slack.reports.outlook import (
    render_assumptions,
    render_outlook,
    render_outlook_failed,
    render_outlook_table,
)
from domain.reports.outlook import Outlook
from handlers.context import AppContext
from handlers.reports.outlook import view_outlook
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Command, Press
from handlers.slack.roles import require_reports


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons."""
    app.action(ReportAction.OUTLOOK_TABLE.value)(on_press(ctx, _show_table, authorize=require_reports))
    app.action(ReportAction.OUTLOOK_EXPLAIN.value)(on_press(ctx, _explain, authorize=require_reports))


def start_outlook(ctx: AppContext, command: Command) -> None:
    """Begin an outlook, which comes from the background."""
    ctx.background.start(_answer(ctx, command), name="an outlook")


async def _answer(ctx: AppContext, command: Command) -> None:
    respond = partial(ctx.modals.respond, command.response_url, command.channel, command.user_id)
    try:
        content = render_outlook(await _outlook(ctx))
    except Exception:
        await respond(render_outlook_failed())
        raise
    await respond(content)


async def _show_table(ctx: AppContext, press: Press) -> None:
    await ctx.modals.open_view(press.trigger_id, render_outlook_table(await _outlook(ctx)))


async def _explain(ctx: AppContext, press: Press) -> None:
    await ctx.modals.open_view(press.trigger_id, render_assumptions(await _outlook(ctx)))


async def _outlook(ctx: AppContext) -> Outlook:
    return await ctx.desk.run_to_read(view_outlook, policy=ctx.policy.outlook, now=ctx.clock.now())
