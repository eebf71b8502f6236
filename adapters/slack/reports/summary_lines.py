"""Render the lines of a summary: what a manager asks first, and the figures behind *Show as table*."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from adapters.slack.causes.causes import cause_lines
from adapters.slack.handoffs.venue_names import short_name
from adapters.slack.permalinks import card_link
from adapters.slack.reports.change_wording import situation_name
from adapters.slack.reports.line_parts import alarming_lines
from adapters.slack.reports.notices import notice_parts
from adapters.slack.reports.wording import NBSP, compared, dollars, duration, mood, percent
from adapters.slack.rich_text import Node, link_node, text_node
from adapters.slack.surge.sparkline import averaged, sparkline
from adapters.slack.wording import count_of, language_name
from domain.reports.figures import MAX_NOTICES, Figures, PeriodReport, Waits
from domain.reports.filters import FilterKey
from domain.reports.statistics import share_of
from domain.reports.summaries import Summary

MAX_PARTS = 4

#: The name of a network by its identifier.
Label = Callable[[str], str]


def figure_lines(summary: Summary, team_url: str) -> list[list[Node]]:
    """Render what a manager asks first, and what became of causes; lines of nothing are left out.

    Whoever waits longest is linked to, and not named: everybody in the channel of a digest sees it.
    """
    report = summary.report
    url = None if summary.longest is None else card_link(team_url, summary.longest)
    lines = [_backlog(report, url)] if report.figures.is_empty else list(_first_lines(report, url))
    return lines + [line("Cause", [text]) for text in cause_lines(summary.causes, report.period)]


def detail_lines(report: PeriodReport, network_label: Label) -> list[list[Node]]:
    """Render the figures that `figure_lines` leaves out, so that it is short on a phone."""
    return [] if report.figures.is_empty else list(_details(report, network_label))


def _first_lines(report: PeriodReport, longest_url: str | None) -> Iterator[list[Node]]:
    figures, before, period = report.figures, report.before, report.period
    volume = (
        count_of(figures.mentions, "mention"),
        count_of(figures.people, "person", "people"),
        count_of(figures.cases, "case")
        + ("" if report.is_before_all else f", {compared(figures.cases, before.cases, period)}"),
    )
    bars = sparkline(averaged([day.mentions for day in figures.days])) if len(figures.days) > 1 else ""
    yield line("Volume", [*volume, bars] if bars else volume)
    yield from _waits("First response", figures.responses.first, before.responses.first)
    yield _backlog(report, longest_url)
    yield from _resolved(figures)
    yield from _helped(figures, before)
    situations = Counter({situation_name(key): count for key, count in figures.count_by("situation").items()})
    yield line("About", _shares(situations) or [f"{name} {count:,}" for name, count in situations.items()])
    if figures.notices:
        *earlier, newest = figures.notices
        or_more = " or more" if len(figures.notices) == MAX_NOTICES else ""
        more = [f"{len(earlier)}{or_more} earlier"] if earlier else []
        yield line(
            "Notice", [*notice_parts(newest, period.zone, is_filtered=bool(report.filters.values))[:1], *more]
        )
    yield from (line(name, parts) for name, parts in alarming_lines(figures))


def _details(report: PeriodReport, network_label: Label) -> Iterator[list[Node]]:
    figures, before, period = report.figures, report.before, report.period
    yield from _in_office("First response", figures.responses.first)
    yield from _waits("Next response", figures.responses.next, before.responses.next)
    yield from _in_office("Next response", figures.responses.next)
    yield from _places(figures, network_label)
    yield from _mood(figures, before)
    yield from _work(figures)
    for notice in figures.notices:
        yield line("Notice", notice_parts(notice, period.zone, is_filtered=bool(report.filters.values)))
    if figures.spend and not report.filters.values.keys() - {FilterKey.NETWORK}:
        spent = (f"{network_label(name)} {dollars(cost)}" for name, cost in figures.spend.items())
        yield line("Spend", spent)


def line(name: str, parts: Iterable[str]) -> list[Node]:
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
    if waits.unanswered:
        parts.append(f"{waits.unanswered:,} still wait" if waits.unanswered != 1 else "1 still waits")
    yield line(name, parts)


def _in_office(name: str, waits: Waits) -> Iterator[list[Node]]:
    in_office = duration(waits.office_spread.median)
    if waits.office_spread.count and in_office != duration(waits.spread.median):
        yield line(f"{name} in office hours", [f"half within {in_office}"])


def _resolved(figures: Figures) -> Iterator[list[Node]]:
    resolutions = figures.resolutions
    if not resolutions.count:
        return
    parts = [f"{count_of(resolutions.count, 'case')}, half within {duration(resolutions.spread.median)}"]
    if resolutions.reopened:
        parts.append(f"{resolutions.reopened:,} opened again")
    if resolutions.repeated:
        share = percent(share_of(resolutions.repeated, resolutions.count))
        parts.append(f"{share} wrote again within 72{NBSP}h")
    yield line("Resolved", parts)


def _helped(figures: Figures, before: Figures) -> Iterator[list[Node]]:
    now, then = figures.responses, before.responses
    share, was = share_of(now.still_broken, now.answers), share_of(then.still_broken, then.answers)
    if share is not None:
        compared_with = f" (was {percent(was)})" if was is not None else ""
        yield line("Still broken", [f"after {percent(share)} of our answers{compared_with}"])


def _places(figures: Figures, network_label: Label) -> Iterator[list[Node]]:
    """Yield where customers wrote, and in which languages, where there is more than one of either."""
    networks = Counter({network_label(name): count for name, count in figures.count_by("network").items()})
    languages = Counter({language_name(key): count for key, count in figures.count_by("language").items()})
    parts = _shares(networks)
    messages = figures.private_messages.items()
    parts += [f"{count:,} {short_name(venue)} message{'s' * (count != 1)}" for venue, count in messages]
    if parts:
        yield line("Where", parts)
    if spoken := _shares(languages):
        yield line("Languages", spoken)


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
        yield line("Sentiment", [f"{mood(mean)}{compared_with}"])


def _work(figures: Figures) -> Iterator[list[Node]]:
    use, handoffs = figures.suggestions, figures.handoffs
    if use.total:
        kept = (f"{use.as_it_was:,} as they were", f"{use.edited:,} edited")
        yield line("Suggestions", [*kept, f"{use.thrown_away:,} thrown away"])
    parts = []
    if handoffs.offered:
        became = f"{handoffs.arrived:,} arrived, {handoffs.resolved:,} resolved"
        parts.append(f"{handoffs.offered:,} offered, {became}")
    if figures.rated:
        parts.append(f"solved, say {figures.rated_solved:,} of {figures.rated:,} who rated")
    if parts:
        yield line("Hand-offs", parts)


def _backlog(report: PeriodReport, longest_url: str | None) -> list[Node]:
    backlog = report.backlog
    if not backlog.count:
        return line("Waiting now", ["none of these" if report.filters.values else "nobody 🎉"])
    spread = backlog.spread(report.made_at)
    oldest = duration((report.made_at - backlog.waiting[0]).total_seconds())
    half = f" · half of them for {duration(spread.median)} or more" if backlog.count > 1 else ""
    return [
        *line("Waiting now", [count_of(backlog.count, "case"), ""]),
        link_node(longest_url, "the oldest"),
        text_node(f" for {oldest}{half}"),
    ]
