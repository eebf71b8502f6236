"""Render a summary as a table in a modal: each figure of the period beside the one before, and its days."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from adapters.slack.blocks import context, paragraph
from adapters.slack.escaping import escape
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.reports.ids import ReportCallback
from adapters.slack.reports.wording import duration, percent, period_name, span, zone_name
from domain.reports.figures import DayFigures, Figures, PeriodReport
from domain.reports.statistics import share_of

MAX_DAYS = 62
_ROWS = 40  # of a block: 3,000 characters
_NAME, _CELL = 14, 10  # columns: a phone shows some 36

Row = tuple[str, str, str]


def render_table(report: PeriodReport) -> View:
    """Render the table."""
    days = report.figures.days[-MAX_DAYS:]
    blocks = [
        *_block([("", "now", "before"), *_rows(report.figures, report.before)]),
        *(_block([("day", "mentions", "cases"), *map(_day, days)]) if len(days) > 1 else []),
        context(
            escape(f"{period_name(report.period)}: {span(report.period)} ({zone_name(report.period.zone)})")
        ),
    ]
    return modal("Summary", ReportCallback.TABLE, blocks, close="Close")


def _rows(now: Figures, before: Figures) -> Iterator[Row]:
    for name, cell in _COMPARED.items():
        yield name, cell(now), cell(before)
    yield "people", f"{now.people:,}", ""
    yield "resolved", f"{now.resolutions.count:,}", ""
    yield "opened again", f"{now.resolutions.reopened:,}", ""
    yield "wrote again", f"{now.resolutions.repeated:,}", ""


def _mood(figures: Figures) -> str:
    return "–" if figures.sentiment.mean is None else f"{figures.sentiment.mean:+.2f}"


_COMPARED: Mapping[str, Callable[[Figures], str]] = {
    "mentions": lambda of: f"{of.mentions:,}",
    "cases": lambda of: f"{of.cases:,}",
    "first, half": lambda of: duration(of.responses.first.spread.median),
    "first, 9 of 10": lambda of: duration(of.responses.first.spread.p90),
    "first, in time": lambda of: percent(of.responses.first.share_in_target),
    "next, half": lambda of: duration(of.responses.next.spread.median),
    "next, in time": lambda of: percent(of.responses.next.share_in_target),
    "still broken": lambda of: percent(share_of(of.responses.still_broken, of.responses.answers)),
    "sentiment": _mood,
}


def _day(day: DayFigures) -> Row:
    return f"{day.date:%a} {day.date.day} {day.date:%b}", f"{day.mentions:,}", f"{day.cases:,}"


def _block(rows: Sequence[Row]) -> list[Block]:
    lines = [f"{name:<{_NAME}}{one:>{_CELL}}{other:>{_CELL}}".rstrip() for name, one, other in rows]
    parts = [lines[at : at + _ROWS] for at in range(0, len(lines), _ROWS)]
    return [paragraph("```\n" + escape("\n".join(part)) + "\n```") for part in parts]
