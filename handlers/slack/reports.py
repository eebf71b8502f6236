"""Make the summary that `/mentions summary` asks for, and handle the buttons below it."""

import asyncio
from functools import partial

from slack_bolt.async_app import AsyncApp

from adapters.slack.message_content import View
from adapters.slack.modal_client import ModalError
from adapters.slack.reports.definitions import render_definitions
from adapters.slack.reports.ids import ReportAction
from adapters.slack.reports.refusals import render_summary_failed
from adapters.slack.reports.summary import render_summary
from adapters.slack.reports.table import render_counting, render_counting_failed, render_table
from adapters.slack.reports.values import decode_report
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.summaries import Summary
from handlers.cases.preferences import blur_choice
from handlers.context import AppContext
from handlers.reports.summaries import summarise
from handlers.reports.trends import summarise_with_situations
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Command, Press
from handlers.slack.quick_answers import is_done_soon
from handlers.slack.report_charts import send_chart, share
from handlers.slack.report_fairness import quick_ledger_of, show_ledger_table
from handlers.slack.report_questions import read_question
from handlers.slack.roles import require_reports, require_viewer


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons."""
    app.action(ReportAction.SHARE.value)(on_press(ctx, share, authorize=require_reports))
    app.action(ReportAction.CHART.value)(on_press(ctx, send_chart, authorize=require_reports))
    app.action(ReportAction.TABLE.value)(on_press(ctx, _show_table, authorize=require_reports))
    # It stands below an agent's own figures, too.
    app.action(ReportAction.EXPLAIN.value)(on_press(ctx, _explain, authorize=require_viewer))
    show_ledger = on_press(ctx, show_ledger_table, authorize=require_reports)
    app.action(ReportAction.LEDGER_TABLE.value)(show_ledger)


async def start_summary(ctx: AppContext, command: Command, text: str) -> None:
    """Read what is asked for, and make the summary in the background."""
    asked = await read_question(ctx, command.user_id, text)
    ctx.background.start(_answer(ctx, command, asked.period, asked.filters), name="a summary")


async def _answer(ctx: AppContext, command: Command, period: Period, filters: Filters) -> None:
    respond = partial(ctx.modals.respond, command.response_url, command.channel, command.user_id)
    try:
        summary = await _summarise(ctx, period, filters)
        mask = ctx.abuse.mask_for(await ctx.desk.run(blur_choice, user_id=command.user_id))
        ledger = await quick_ledger_of(ctx, period, filters)
        content = render_summary(summary, team_url=ctx.team_url, mask=mask, shared_by=None, ledger=ledger)
    except Exception:
        await respond(render_summary_failed(period))
        raise
    await respond(content)


async def _show_table(ctx: AppContext, press: Press) -> None:
    """Open the table; where counting takes longer, open at once what says so, and put the table in its place.

    Slack takes no modal after three seconds.
    """
    period, filters = decode_report(press.value)
    counting = asyncio.create_task(_table(ctx, period, filters))
    if await is_done_soon(counting):
        await ctx.modals.open_view(press.trigger_id, counting.result())
        return
    try:
        view_id = await ctx.modals.open_view(press.trigger_id, render_counting(period))
    except ModalError:
        counting.cancel()
        raise

    async def put_in_place() -> None:
        try:
            view = await counting
        except Exception:
            await ctx.modals.update_view(view_id, render_counting_failed(period))
            raise
        await ctx.modals.update_view(view_id, view)

    ctx.background.start(put_in_place(), name="a table of figures")


async def _table(ctx: AppContext, period: Period, filters: Filters) -> View:
    summary, situations = await ctx.desk.run_to_read(
        summarise_with_situations, period=period, filters=filters, now=ctx.clock.now()
    )
    return render_table(
        summary.report, situations, network_label=lambda name: ctx.networks.profile(name).label
    )


async def _explain(ctx: AppContext, press: Press) -> None:
    await ctx.modals.open_view(press.trigger_id, render_definitions())


async def _summarise(ctx: AppContext, period: Period, filters: Filters) -> Summary:
    return await ctx.desk.run_to_read(summarise, period=period, filters=filters, now=ctx.clock.now())
