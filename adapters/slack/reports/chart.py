"""Put the chart of a summary into messages, and say in words what it shows."""

from adapters.slack.blocks import context, literal_context, paragraph
from adapters.slack.escaping import escape, shorten
from adapters.slack.message_content import Block, Content, PictureContent
from adapters.slack.reports.wording import (
    UNTIL_NOW,
    before_name,
    compared,
    duration,
    period_line,
)
from adapters.slack.wording import count_of
from domain.reports.figures import MAX_NOTICES, PeriodReport
from domain.reports.summaries import Summary
from domain.reports.trends import Step, Trend

MAX_ALT_TEXT = 1_000
#: Where the chart stands in a summary or a digest: after the finding and what was asked for.
_PLACE = 2


def chart_finding(summary: Summary, trend: Trend) -> str:
    """Say in plain text what the chart shows: for who cannot see it, and for notifications."""
    report = summary.report
    parts = [_volume(report, trend), _first_answers(report), _notices(report)]
    return shorten(". ".join(part for part in parts if part) + ".", MAX_ALT_TEXT)


def known_before(report: PeriodReport) -> str | None:
    """Name the period before, with which the chart compares; `None` where nothing is known of it.

    Until when it is compared is seen by where its line ends, and would not fit beside the title.
    """
    return None if report.is_before_all else before_name(report.period).removesuffix(UNTIL_NOW)


def with_picture(content: Content, picture: str | None, finding: str) -> Content:
    """Return a summary or a digest with its chart; `picture` is its file in Slack, `None` for none.

    What Slack shows where it refuses the picture is in `plain`.
    """
    if picture is None:
        return content
    blocks = [*content["blocks"][:_PLACE], _image(picture, finding), *content["blocks"][_PLACE:]]
    return PictureContent(text=content["text"], blocks=blocks, plain=content)


def render_chart(report: PeriodReport, picture: str | None, finding: str) -> Content:
    """Render the direct message that has the chart of a summary, or its words where there is no picture."""
    period = report.period
    asked = escape(period_line(period))
    plain = Content(text=escape(finding), blocks=[paragraph(escape(finding)), context(asked)])
    if picture is None:
        plain["blocks"].append(literal_context("The chart could not be drawn or uploaded. Ask for it again."))
    return with_picture(plain, picture, finding)


def _image(picture: str, finding: str) -> Block:
    return {"type": "image", "slack_file": {"id": picture}, "alt_text": finding}


def _volume(report: PeriodReport, trend: Trend) -> str:
    figures, before = report.figures, report.before
    if not figures.mentions:
        return "No mentions" + (
            f"; {before.mentions:,} {before_name(report.period)}" if before.mentions else ""
        )
    text = count_of(figures.mentions, "mention")
    if not report.is_before_all:
        text += f", {compared(figures.mentions, before.mentions, report.period)}"
    if len(trend.parts) > 1:
        most = max(range(len(trend.parts)), key=lambda number: trend.mentions[number])
        text += f"; most {_named(trend, most)}: {trend.mentions[most]:,}"
    return text


def _named(trend: Trend, number: int) -> str:
    """Name a part: "on Tue 24 Nov", "in the hour from 13:00", "in the week from 2 Nov"."""
    part = trend.parts[number]
    local = part.since.astimezone(trend.period.zone)
    match trend.step:
        case Step.HOUR:
            return f"in the hour from {local:%a %H:%M}"
        case Step.DAY:
            return f"on {local:%a} {local.day} {local:%b}"
        case Step.WEEK:
            return f"in the week from {local.day} {local:%b}"


def _first_answers(report: PeriodReport) -> str:
    now, before = report.figures.responses.first.spread, report.before.responses.first.spread
    if not now.count:
        return ""
    was = f", was {duration(before.median)}" if before.count else ""
    return f"First answers: half within {duration(now.median)}{was}"


def _notices(report: PeriodReport) -> str:
    count = len(report.figures.notices)
    if count == MAX_NOTICES:
        return f"{count} or more notices sent"
    return f"{count_of(count, 'notice')} sent" if count else ""
