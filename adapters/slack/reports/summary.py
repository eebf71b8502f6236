"""Render a summary: one line that says what matters, the figures, and what got worse."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from adapters.slack.blocks import actions, button, context, paragraph
from adapters.slack.causes.causes import cause_lines
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.message_content import Block, Content
from adapters.slack.permalinks import card_link
from adapters.slack.reports.change_wording import change_name, change_values, situation_name
from adapters.slack.reports.fairness import treatment_line
from adapters.slack.reports.ids import ReportAction
from adapters.slack.reports.line_parts import further_lines
from adapters.slack.reports.notices import notice_parts
from adapters.slack.reports.values import encode_report
from adapters.slack.reports.wording import (
    before_name,
    compared,
    dollars,
    duration,
    filters_mrkdwn,
    mood,
    percent,
    period_name,
    span,
    zone_name,
)
from adapters.slack.rich_text import Node, bullets, join_dotted, link_node, rich_text, section, text_node
from adapters.slack.sparkline import sparkline
from adapters.slack.venue_names import short_name
from adapters.slack.wording import count_of, display_name, language_name
from domain.reports.changes import Change, ChangeKind
from domain.reports.fairness import Ledger
from domain.reports.figures import Figures, PeriodReport, Waits
from domain.reports.filters import FilterKey
from domain.reports.statistics import share_of
from domain.reports.summaries import Example, Summary

MAX_PARTS = 4
MAX_QUOTE = 90
_NOTICES = 2
_FOOTER = (
    "Only you see this. Who waits longest: App Home, *The team*. `/mentions topics` says what it is about, "
    "`/mentions export` sends you the rows behind it."
)

#: The name of a network by its identifier, and what blurs abuse in quoted words.
Label = Callable[[str], str]
Mask = Callable[[str], str]


def render_summary(
    summary: Summary,
    *,
    team_url: str,
    network_label: Label,
    mask: Mask,
    shared_by: str | None = None,
    ledger: Ledger | None = None,
) -> Content:
    """Render a summary for who asked, with what the `ledger` found, or for a channel if `shared_by` them.

    Without a ledger, where it takes too long, the summary leads to it.
    """
    report = summary.report
    top = _headline(summary)
    lines = figure_lines(summary, network_label)
    if shared_by is None and (treatment := treatment_line(ledger)):
        lines.append(_line("Treatment", [treatment]))
    blocks: list[Block] = [
        paragraph(f"*{escape(top)}*"),
        context(_asked(report)),
        rich_text(section(join_dotted(lines, separator="\n"))),
        *(_change_block(change, examples, team_url, mask) for change, examples in summary.changes),
    ]
    if shared_by is None:
        value = encode_report(report.period, report.filters)
        # Figures of an agent are for no channel.
        is_shareable = FilterKey.AGENT not in report.filters.values
        blocks += actions(
            [
                *([button("Share in channel", ReportAction.SHARE, value)] if is_shareable else []),
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


def _asked(report: PeriodReport) -> str:
    period = report.period
    parts = [escape(f"{period_name(period)}: {span(period)} ({zone_name(period.zone)})")]
    if report.filters.values:
        parts.append(f"only {filters_mrkdwn(report.filters)}")
    return " · ".join(parts)


def _headline(summary: Summary) -> str:
    report, figures = summary.report, summary.report.figures
    if figures.is_empty:
        return f"No mention and no case: {period_name(report.period).lower()}"
    if summary.changes:
        return _change_headline(summary.changes[0][0], report)
    cases = count_of(figures.cases, "case")
    if report.before.is_empty:
        return f"{cases}; nothing came in {before_name(report.period)}"
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


def figure_lines(summary: Summary, network_label: Label) -> list[list[Node]]:
    """Render the figures and what became of causes, one line each; those of nothing are left out."""
    report = summary.report
    lines = [_backlog(report)] if report.figures.is_empty else list(_lines(report, network_label))
    return lines + [_line("Cause", [text]) for text in cause_lines(summary.causes, report.period.zone)]


def _lines(report: PeriodReport, network_label: Label) -> Iterator[list[Node]]:
    figures, before, period = report.figures, report.before, report.period
    volume = (
        count_of(figures.mentions, "mention"),
        count_of(figures.people, "person", "people"),
        f"{count_of(figures.cases, 'case')}, {compared(figures.cases, before.cases, period)}",
    )
    bars = sparkline([day.mentions for day in figures.days]) if len(figures.days) > 1 else ""
    yield _line("Volume", [*volume, bars] if bars else volume)
    yield from _waits("First response", figures.responses.first, before.responses.first)
    yield from _waits("Next response", figures.responses.next, before.responses.next)
    yield _backlog(report)
    yield from _resolved(figures)
    yield from _helped(figures, before)
    situations = Counter({situation_name(key): count for key, count in figures.count_by("situation").items()})
    yield _line("About", _shares(situations) or [f"{name} {count:,}" for name, count in situations.items()])
    yield from _places(figures, network_label)
    yield from _mood(figures, before)
    yield from _work(figures)
    for notice in figures.notices[-_NOTICES:]:
        yield _line("Notice", notice_parts(notice, period.zone))
    if figures.spend and not report.filters.values.keys() - {FilterKey.NETWORK}:
        spent = (f"{network_label(name)} {dollars(cost)}" for name, cost in figures.spend.items())
        yield _line("Spend", spent)


def _line(name: str, parts: Iterable[str]) -> list[Node]:
    return [text_node(name, bold=True), text_node(f"  {' · '.join(parts)}")]


def _waits(name: str, waits: Waits, before: Waits) -> Iterator[list[Node]]:
    if not waits.spread.count and not waits.late and not waits.unanswered:
        return
    parts = []
    if waits.spread.count:
        was = f" (was {duration(before.spread.median)})" if before.spread.count else ""
        parts += [
            f"half within {duration(waits.spread.median)}{was}",
            f"9 of 10 within {duration(waits.spread.p90)}",
        ]
    if waits.share_in_target is not None:
        was = f" (was {percent(before.share_in_target)})" if before.share_in_target is not None else ""
        parts.append(f"{percent(waits.share_in_target)} in time{was}")
    in_office = duration(waits.office_spread.median)
    if waits.office_spread.count and in_office != duration(waits.spread.median):
        parts.append(f"in office hours half within {in_office}")
    if waits.unanswered:
        parts.append(f"{waits.unanswered:,} still wait" if waits.unanswered != 1 else "1 still waits")
    yield _line(name, parts)


def _resolved(figures: Figures) -> Iterator[list[Node]]:
    resolutions = figures.resolutions
    if not resolutions.count:
        return
    parts = [f"{count_of(resolutions.count, 'case')}, half within {duration(resolutions.spread.median)}"]
    if resolutions.reopened:
        parts.append(f"{resolutions.reopened:,} opened again")
    if resolutions.repeated:
        share = percent(share_of(resolutions.repeated, resolutions.count))
        parts.append(f"{share} wrote again within 72 h")
    yield _line("Resolved", parts)


def _helped(figures: Figures, before: Figures) -> Iterator[list[Node]]:
    now, then = figures.responses, before.responses
    share, was = share_of(now.still_broken, now.answers), share_of(then.still_broken, then.answers)
    if share is not None:
        compared_with = f" (was {percent(was)})" if was is not None else ""
        yield _line("Still broken", [f"after {percent(share)} of our answers{compared_with}"])


def _places(figures: Figures, network_label: Label) -> Iterator[list[Node]]:
    """Yield where customers wrote, and in which languages, where there is more than one of either."""
    networks = Counter({network_label(name): count for name, count in figures.count_by("network").items()})
    languages = Counter({language_name(key): count for key, count in figures.count_by("language").items()})
    parts = _shares(networks)
    messages = figures.private_messages.items()
    parts += [f"{count:,} {short_name(venue)} message{'s' * (count != 1)}" for venue, count in messages]
    if parts:
        yield _line("Where", parts)
    if spoken := _shares(languages):
        yield _line("Languages", spoken)


def _shares(counts: Counter[str]) -> list[str]:
    """List the largest counts, and the sum of the others; nothing of a single one."""
    if len(counts) <= 1:
        return []
    shown = counts.most_common(MAX_PARTS)
    rest = counts.total() - sum(count for _, count in shown)
    return [*(f"{part} {count:,}" for part, count in shown), *([f"others {rest:,}"] if rest else [])]


def _mood(figures: Figures, before: Figures) -> Iterator[list[Node]]:
    mean, was = figures.sentiment.mean, before.sentiment.mean
    if mean is not None:
        compared_with = f" (was {mood(was)})" if was is not None else ""
        yield _line("Sentiment", [f"{mood(mean)}{compared_with}"])


def _work(figures: Figures) -> Iterator[list[Node]]:
    use, handoffs = figures.suggestions, figures.handoffs
    if use.total:
        kept = (f"{use.as_it_was:,} as they were", f"{use.edited:,} edited")
        yield _line("Suggestions", [*kept, f"{use.thrown_away:,} thrown away"])
    parts = []
    if handoffs.offered:
        became = f"{handoffs.arrived:,} arrived, {handoffs.resolved:,} resolved"
        parts.append(f"{handoffs.offered:,} offered, {became}")
    if figures.rated:
        parts.append(f"solved, say {figures.rated_solved:,} of {figures.rated:,} who rated")
    if parts:
        yield _line("Hand-offs", parts)
    for name, parts in further_lines(figures):
        yield _line(name, parts)


def _backlog(report: PeriodReport) -> list[Node]:
    backlog = report.backlog
    if not backlog.count:
        return _line("Waiting now", ["nobody 🎉"])
    spread = backlog.spread(report.made_at)
    oldest = duration((report.made_at - backlog.waiting[0]).total_seconds())
    parts = [count_of(backlog.count, "case"), f"the oldest for {oldest}"]
    if backlog.count > 1:
        parts.append(f"half of them for {duration(spread.median)} or more")
    return _line("Waiting now", parts)


def _change_block(change: Change, examples: Sequence[Example], team_url: str, mask: Mask) -> Block:
    """Render what got worse, with examples that lead to their cards."""
    title = section(
        [text_node(f"▲ {change_name(change)}", bold=True), text_node(f"  {change_values(change)}")]
    )
    rows = [
        [
            link_node(card_link(team_url, example.case), display_name(example.case)),
            text_node(f": {inline(mask(example.words), MAX_QUOTE) or '(deleted)'}"),
        ]
        for example in examples
    ]
    return rich_text(title, *([bullets(rows)] if rows else []))
