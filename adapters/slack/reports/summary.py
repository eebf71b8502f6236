"""Render a summary: one line that says what matters, the figures, and what got worse."""

from collections.abc import Callable, Sequence

from adapters.slack.blocks import actions, button, confirmation, context, paragraph
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.message_content import Block, Content
from adapters.slack.permalinks import card_link
from adapters.slack.post_context import folded_handles
from adapters.slack.reports.change_wording import change_title, change_values, situation_name
from adapters.slack.reports.fairness import treatment_line
from adapters.slack.reports.ids import ReportAction
from adapters.slack.reports.nothing import nothing_blocks
from adapters.slack.reports.summary_lines import figure_lines, line
from adapters.slack.reports.values import encode_report
from adapters.slack.reports.wording import (
    before_name,
    compared,
    filters_mrkdwn,
    mood,
    percent,
    period_line,
    period_name,
)
from adapters.slack.rich_text import bullets, join_dotted, link_node, rich_text, section, text_node
from adapters.slack.wording import count_of, display_name
from domain.reports.changes import Change, ChangeKind
from domain.reports.fairness import Ledger
from domain.reports.figures import PeriodReport
from domain.reports.filters import FilterKey
from domain.reports.summaries import Example, Summary

MAX_PARTS = 4
MAX_QUOTE = 90
_FOOTER = (
    "Only you see this. *Show as table* has more figures. Who waits longest: App Home, *The team*. "
    "`/mentions topics` says what it is about, "
    "`/mentions export` sends you the rows behind it."
)

#: What blurs abuse in quoted words.
Mask = Callable[[str], str]


def render_summary(
    summary: Summary,
    *,
    team_url: str,
    mask: Mask,
    shared_by: str | None = None,
    ledger: Ledger | None = None,
) -> Content:
    """Render a summary for who asked, with what the `ledger` found, or for a channel if `shared_by` them.

    Without a ledger, where it takes too long, the summary leads to it.
    """
    report = summary.report
    top = _headline(summary)
    lines = figure_lines(summary, team_url)
    is_compared = shared_by is None and not report.figures.is_empty
    if is_compared and (treatment := treatment_line(ledger, report.period, report.filters)):
        lines.append(line("Treatment", [treatment]))
    blocks: list[Block] = [
        paragraph(f"*{escape(top)}*"),
        context(_asked(report)),
        *nothing_blocks(summary.nothing, report.filters),
        rich_text(section(join_dotted(lines, separator="\n"))),
        *(_change_block(change, examples, team_url, mask) for change, examples in summary.changes),
    ]
    if shared_by is None:
        value = encode_report(report.period, report.filters)
        # Figures of an agent are for no channel.
        is_shareable = FilterKey.AGENT not in report.filters.values
        blocks += actions(
            [
                *([_share_button(value)] if is_shareable else []),
                button("Send me the chart", ReportAction.CHART, value),
                button("Show as table", ReportAction.TABLE, value),
                button("Explain", ReportAction.EXPLAIN, value),
            ]
        )
        blocks.append(context(_FOOTER))
    else:
        blocks.append(
            context(f"Shared by {mention(shared_by)} · as of {date_mrkdwn(report.made_at, DateStyle.CLOCK)}")
        )
    return Content(text=escape(f"{period_name(report.period)}: {top}"), blocks=blocks)


def _share_button(value: str) -> Block:
    asks = confirmation(
        "Share it here?", "Everybody in the channel sees the summary and its chart.", "Share in channel"
    )
    return {**button("Share in channel", ReportAction.SHARE, value), "confirm": asks}


def _asked(report: PeriodReport) -> str:
    period = report.period
    parts = [escape(period_line(period))]
    if report.filters.values:
        parts.append(f"only {filters_mrkdwn(report.filters)}")
    if (known := report.known_since) is not None and known > period.before.since:
        day = known.astimezone(period.zone)
        parts.append(escape(f"nothing is stored from before {day.day} {day:%b} {day.year}"))
    return " · ".join(parts)


def _headline(summary: Summary) -> str:
    report, figures = summary.report, summary.report.figures
    if figures.is_empty:
        if report.known_since is not None and report.known_since >= report.period.until:
            return "Nothing is known of this time: it is before the first message that is stored"
        of_these = " with these filters" if report.filters.values else ""
        return f"No mention and no case{of_these}: {period_name(report.period).lower()}"
    if summary.changes:
        return _change_headline(summary.changes[0][0], report)
    cases = count_of(figures.cases, "case")
    if report.before.is_empty:
        then = before_name(report.period)
        return f"{cases}; {'nothing is known of' if report.is_before_all else 'nothing came in'} {then}"
    late = figures.responses.first.late
    volume = f"{cases}, {compared(figures.cases, report.before.cases, report.period)}"
    has_more = figures.cases > report.before.cases
    top = f"{volume}; nothing else got worse" if has_more else f"Nothing got worse. {volume}"
    return top + (f"; {late:,} not answered in time" if late else "")


def _change_headline(change: Change, report: PeriodReport) -> str:
    match change.kind:
        case ChangeKind.SITUATION:
            more = compared(change.now, change.before, report.period)
            return f"{situation_name(change.key)}: {count_of(int(change.now), 'case')}, {more}"
        case ChangeKind.LATE_FIRST:
            return f"First answers come late more often: {_was(change, report)}"
        case ChangeKind.LATE_NEXT:
            return f"Further answers come late more often: {_was(change, report)}"
        case ChangeKind.STILL_BROKEN:
            return f"Our answers help less often: {percent(change.now)} ask again within a day, {_before(change, report)}"
        case ChangeKind.SENTIMENT:
            return f"Customers are unhappier: {mood(change.now)}, {mood(change.before)} {before_name(report.period)}"


def _was(change: Change, report: PeriodReport) -> str:
    return f"{percent(change.now)} of them, {_before(change, report)}"


def _before(change: Change, report: PeriodReport) -> str:
    return f"{percent(change.before)} {before_name(report.period)}"


def _change_block(change: Change, examples: Sequence[Example], team_url: str, mask: Mask) -> Block:
    """Render what got worse, with examples that lead to their cards."""
    title = section([text_node(change_title(change), bold=True), text_node(f"  {change_values(change)}")])
    rows = [
        [
            link_node(card_link(team_url, example.case), display_name(example.case)),
            text_node(f": {inline(folded_handles(mask(example.words)), MAX_QUOTE) or '(deleted)'}"),
        ]
        for example in examples
    ]
    return rich_text(title, *([bullets(rows)] if rows else []))
