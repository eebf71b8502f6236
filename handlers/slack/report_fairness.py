"""Handle `/mentions fairness`: compare how customers were treated, and show it to who asked."""

import asyncio
import logging

from adapters.slack.message_content import Content
from adapters.slack.reports.fairness import render_ledger, render_ledger_failed, render_ledger_table
from adapters.slack.reports.values import decode_report
from domain.reports.fairness import Ledger, Verdict, compare_treatment
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.treatment import TreatedCase
from handlers.context import AppContext
from handlers.reports.fairness import MAX_CASES, example_cases, treated_cases
from handlers.slack.payloads import Command, Press
from handlers.slack.report_questions import AskedReport, read_question, why_empty
from storage.treated_cases import Place

#: How long a summary is held up.
MAX_SECONDS = 1.0

log = logging.getLogger(__name__)


async def start_fairness(ctx: AppContext, command: Command, text: str) -> None:
    """Read the question, and answer from the background.

    Raises `DeskError` where it is not for this person, or not readable.
    """
    asked = await read_question(ctx, command.user_id, text)
    answer = _answer(ctx, command, asked.period, asked.filters)
    ctx.background.start(answer, name="a fairness ledger")


async def show_ledger_table(ctx: AppContext, press: Press) -> None:
    """Show all comparisons of the ledger that the button is below."""
    period, filters = decode_report(press.value)
    ctx.background.start(_answer_table(ctx, press, period, filters), name="a fairness ledger")


async def ledger_of(ctx: AppContext, period: Period, filters: Filters) -> Ledger:
    """Read the cases of a period and compare them, off the event loop."""
    now = ctx.clock.now()
    cases: list[TreatedCase] = []
    last: Place | None = None
    while len(cases) < MAX_CASES:
        page = await ctx.desk.run_to_read(treated_cases, period=period, filters=filters, before=last, now=now)
        cases += page.cases
        last = page.last
        if last is None:
            break
    is_cut = last is not None or len(cases) > MAX_CASES
    return await asyncio.to_thread(compare_treatment, cases[:MAX_CASES], is_cut=is_cut)


async def quick_ledger_of(ctx: AppContext, period: Period, filters: Filters) -> Ledger | None:
    """Return the ledger; `None` where it takes longer than who waits for a summary should, or fails."""
    try:
        async with asyncio.timeout(MAX_SECONDS):
            return await ledger_of(ctx, period, filters)
    except TimeoutError:
        log.info("a summary has no fairness ledger, which takes more than %g s", MAX_SECONDS)
    except Exception:
        log.exception("a summary has no fairness ledger, which failed")
    return None


async def _answer(ctx: AppContext, command: Command, period: Period, filters: Filters) -> None:
    try:
        content = await _content(ctx, period, filters)
    except Exception:
        await _respond(ctx, command, render_ledger_failed(period))
        raise
    await _respond(ctx, command, content)


async def _content(ctx: AppContext, period: Period, filters: Filters) -> Content:
    ledger = await ledger_of(ctx, period, filters)
    found = [*ledger.having(Verdict.DIFFERENT)]
    ids = [case_id for one in found for side in one.examples for case_id in side]
    examples = await ctx.desk.run_to_read(example_cases, case_ids=ids)
    return render_ledger(
        ledger,
        examples,
        period=period,
        filters=filters,
        team_url=ctx.team_url,
        nothing=None if ledger.cases else await why_empty(ctx, AskedReport(period, filters)),
    )


async def _answer_table(ctx: AppContext, press: Press, period: Period, filters: Filters) -> None:
    try:
        content = render_ledger_table(await ledger_of(ctx, period, filters), period=period, filters=filters)
    except Exception:
        await _respond(ctx, press, render_ledger_failed(period))
        raise
    await _respond(ctx, press, content)


async def _respond(ctx: AppContext, asked: Command | Press, content: Content) -> None:
    await ctx.modals.respond(asked.response_url, asked.channel, asked.user_id, content)
