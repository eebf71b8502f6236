"""Handle *Send me the chart* and *Share in channel* below a summary: both show the chart as a picture.

Slack shows no files in what one person alone sees, so their chart comes as a direct message (decision 65).
"""

import secrets
from collections.abc import Callable

from adapters.charts.summary_chart import summary_chart
from adapters.slack.contact_masking import mask
from adapters.slack.ephemerals import render_refusal
from adapters.slack.message_content import Content
from adapters.slack.modal_client import ModalError
from adapters.slack.reports.chart import chart_finding, render_chart, with_picture
from adapters.slack.reports.refusals import render_chart_sent, render_maybe_shared, render_summary_failed
from adapters.slack.reports.values import decode_report
from adapters.slack.reports.wording import before_name
from domain.delivery.outcomes import Done, Unknown
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.summaries import Summary
from handlers.access import hides_contacts
from handlers.context import AppContext
from handlers.reports.summaries import record_share
from handlers.reports.trends import summarise_with_trend
from handlers.slack.payloads import Press

#: Render a summary for a channel, as shared by this person.
Render = Callable[[Summary, str], Content]
_TOKEN_BYTES = 8


async def send_chart(ctx: AppContext, press: Press) -> None:
    """Send the chart of the summary to whoever pressed, in the background."""
    period, filters = decode_report(press.value)
    ctx.background.start(_send(ctx, press, period, filters), name="a chart")


async def _send(ctx: AppContext, press: Press, period: Period, filters: Filters) -> None:
    is_sent = False
    try:
        summary, picture, finding = await _drawn(ctx, period, filters)
        content = render_chart(summary.report, picture, finding)
        outcome = await ctx.post(press.user_id, content, token=secrets.token_hex(_TOKEN_BYTES))
        is_sent = isinstance(outcome, Done)
    finally:
        await _tell(ctx, press, render_chart_sent(is_sent=is_sent))


async def share(ctx: AppContext, press: Press, render: Render) -> None:
    """Record that the summary is shared, and post it to the channel as it is now, in the background."""
    period, filters = decode_report(press.value)
    await ctx.desk.run(
        record_share,
        user_id=press.user_id,
        channel=press.channel or "",
        period=period,
        filters=filters,
        now=ctx.clock.now(),
    )
    ctx.background.start(_share(ctx, press, period, filters, render), name="sharing a summary")


async def _share(ctx: AppContext, press: Press, period: Period, filters: Filters, render: Render) -> None:
    """Post with the chart where the bot may post, else without it by the response URL."""
    failure: Content | None = render_summary_failed(period)
    try:
        summary, picture, finding = await _drawn(ctx, period, filters)
        content = render(summary, press.user_id)
        if await hides_contacts(ctx, press.user_id):  # they read the channel, too
            content = mask(content)
        failure = await _post_shared(ctx, press, content, picture, finding)
    except ModalError as error:
        failure = render_refusal(error)
    finally:
        if failure is not None:
            await _tell(ctx, press, failure)


async def _post_shared(
    ctx: AppContext, press: Press, content: Content, picture: str | None, finding: str
) -> Content | None:
    """Post to the channel; return what to tell the person, `None` where it is there."""
    channel = press.channel or press.user_id
    if picture is not None:
        shown = with_picture(content, picture, finding)
        outcome = await ctx.post(channel, shown, token=secrets.token_hex(_TOKEN_BYTES))
        if isinstance(outcome, Done):
            return None
        if isinstance(outcome, Unknown):
            return render_maybe_shared()
    await ctx.modals.respond(press.response_url, channel, press.user_id, content, in_channel=True)
    return None


async def _drawn(ctx: AppContext, period: Period, filters: Filters) -> tuple[Summary, str | None, str]:
    """Return the summary, the id of its chart in Slack (`None` where that failed), and what that shows."""
    summary, trend = await ctx.desk.run(
        summarise_with_trend, period=period, filters=filters, now=ctx.clock.now()
    )
    finding = chart_finding(summary, trend)
    chart = summary_chart(trend, before=before_name(period))
    return summary, await ctx.upload_chart(chart, name="summary.png", alt_text=finding), finding


async def _tell(ctx: AppContext, press: Press, content: Content) -> None:
    await ctx.modals.respond(press.response_url, press.channel, press.user_id, content)
