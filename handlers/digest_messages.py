"""Put a digest's message together: its words and, where Slack takes it, its chart."""

from adapters.charts.summary_chart import summary_chart
from adapters.slack.message_content import Content
from adapters.slack.reports.chart import chart_finding, known_before, with_picture
from adapters.slack.reports.digest import render_digest
from domain.reports.digests import Cadence, Digest
from domain.reports.filters import Filters
from domain.reports.periods import Period
from handlers.context import AppContext
from handlers.reports.trends import summarise_with_trend


async def digest_message(
    ctx: AppContext, *, period: Period, filters: Filters, cadence: Cadence, digest: Digest | None
) -> Content:
    """Return the message as of now; `digest` is `None` for a preview."""
    summary, trend = await ctx.desk.run_to_read(
        summarise_with_trend, period=period, filters=filters, now=ctx.clock.now()
    )
    content = render_digest(
        summary,
        cadence=cadence,
        digest=digest,
        team_url=ctx.team_url,
        hours=ctx.policy.service_levels.hours,
    )
    finding = chart_finding(summary, trend)
    chart = summary_chart(trend, before=known_before(summary.report))
    return with_picture(content, await ctx.upload_chart(chart, name="digest.png", alt_text=finding), finding)
