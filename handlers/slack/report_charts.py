"""Handle *Send me the chart* and *Share in channel* below a summary: both show the chart as a picture.

Slack shows no files in what one person alone sees, so their chart comes as a direct message (decision 65).
Both go through the outbox, with the press in the same transaction.
"""

import secrets

from adapters.slack.reports.refusals import NOT_FOR_CHANNELS, render_share_begun
from adapters.slack.reports.values import decode_report, encode_report
from domain.delivery.report_effects import SendChart, ShareSummary
from domain.errors import DeskError
from domain.reports.filters import FilterKey
from handlers.context import AppContext
from handlers.reports.summaries import request_chart, share_summary
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.payloads import Press

_NONCE_BYTES = 8


@stores_request
async def send_chart(ctx: AppContext, press: Press) -> None:
    """Have the chart of the summary sent to whoever pressed."""
    period, filters = decode_report(press.value)
    chart = SendChart(
        report=encode_report(period, filters),
        channel=press.channel or "",
        user_id=press.user_id,
        response_url=press.response_url,
        nonce=secrets.token_hex(_NONCE_BYTES),
    )
    await run_once(ctx, request_chart, chart=chart, now=ctx.clock.now())


@stores_request
async def share(ctx: AppContext, press: Press) -> None:
    """Have the summary posted to the channel, and say so. Raises `DeskError` of one of an agent's cases."""
    period, filters = decode_report(press.value)
    if FilterKey.AGENT in filters.values:
        raise DeskError(NOT_FOR_CHANNELS)
    shared = ShareSummary(
        report=encode_report(period, filters),
        channel=press.channel or press.user_id,
        user_id=press.user_id,
        response_url=press.response_url,
        nonce=secrets.token_hex(_NONCE_BYTES),
    )
    await run_once(ctx, share_summary, shared=shared, period=period, filters=filters, now=ctx.clock.now())
    answer = ctx.modals.respond(press.response_url, press.channel, press.user_id, render_share_begun())
    ctx.background.start(answer, name="the answer to a share")
