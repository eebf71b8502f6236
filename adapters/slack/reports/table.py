"""Render a summary as a table in a modal: each figure of the period beside the one before, and its days."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from adapters.slack.blocks import context, paragraph
from adapters.slack.escaping import escape, escape_code, shorten
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.notices import render_notice
from adapters.slack.reports.change_wording import situation_name
from adapters.slack.reports.ids import ReportCallback
from adapters.slack.reports.summary_lines import Label, detail_lines
from adapters.slack.reports.wording import duration, mood, percent, period_line, period_name
from adapters.slack.rich_text import join_dotted, rich_text, section
from adapters.slack.surge.sparkline import sparkline
from domain.reports.figures import DayFigures, Figures, PeriodReport
from domain.reports.periods import Period
from domain.reports.statistics import Sums, share_of

MAX_DAYS = 62
_ROWS = 40  # of a block: 3,000 characters
#: The widths of the columns: a phone shows some 36, and “11 h 52 min” takes 11.
_FIGURES, _DAYS, _SITUATIONS = (12, 12, 12), (11, 9, 7, 7), (17, 12, 7)

Row = tuple[str, ...]


def render_table(
    report: PeriodReport, situations: Mapping[str, Sequence[int]], *, network_label: Label
) -> View:
    """Render the table, and the lines that the summary leaves out.

    `situations` has how many cases of each were opened in each part of the period.
    """
    days = report.figures.days[-MAX_DAYS:]
    further = detail_lines(report, network_label)
    blocks = [
        *text_table([("", "now", "before"), *_rows(report.figures, report.before)], _FIGURES),
        *(text_table([_DAY_NAMES, *map(_day, days)], _DAYS) if len(days) > 1 else []),
        *_situation_block(situations),
        *([rich_text(section(join_dotted(further, separator="\n")))] if further else []),
        context(escape(period_line(report.period))),
    ]
    return modal("Summary", ReportCallback.TABLE, blocks, close="Close")


def render_counting(period: Period) -> View:
    """Render what stands in the table's place while its figures are counted."""
    name = period_name(period).lower()
    return render_notice(
        f"The figures of {name} are being counted. They come here in a moment; if they do not, close this and "
        "press Show as table again.",
        title="Summary",
    )


def render_counting_failed(period: Period) -> View:
    """Render that the figures of a table could not be counted."""
    name = period_name(period).lower()
    text = (
        f"The figures of {name} could not be counted. Close this and press Show as table again in a minute."
    )
    return render_notice(text, title="Summary")


def _rows(now: Figures, before: Figures) -> Iterator[Row]:
    for name, cell in _COMPARED.items():
        yield name, cell(now), cell(before)
    yield "people", f"{now.people:,}", ""
    yield "resolved", f"{now.resolutions.count:,}", ""
    yield "opened again", f"{now.resolutions.reopened:,}", ""
    yield "wrote again", f"{now.resolutions.repeated:,}", ""
    for name, count in _further(now).items():
        if count:
            yield name, f"{count:,}", ""


def _further(now: Figures) -> Mapping[str, int]:
    """Return what answers promised, and what of mentions is not complete, by name."""
    promises, completeness = now.promises, now.completeness
    return {
        "promised": promises.made,
        "  kept": promises.kept,
        "  broken": promises.broken,
        "  open": promises.open,
        "not held": completeness.missing,
        "unreadable": completeness.unreadable,
        "listed late": completeness.late,
    }


def _situation_block(situations: Mapping[str, Sequence[int]]) -> list[Block]:
    """Render a line of bars for each situation, the most frequent first."""
    counts = sorted(situations.items(), key=lambda found: (-sum(found[1]), found[0]))
    rows = [
        (shorten(situation_name(name), _SITUATIONS[0] - 1), sparkline(parts), f"{sum(parts):,}")
        for name, parts in counts
    ]
    return text_table([("about", "", "cases"), *rows], _SITUATIONS) if rows else []


def _mood(sentiment: Sums) -> str:
    return "–" if sentiment.mean is None else mood(sentiment.mean)


_COMPARED: Mapping[str, Callable[[Figures], str]] = {
    "mentions": lambda of: f"{of.mentions:,}",
    "cases": lambda of: f"{of.cases:,}",
    "1st median": lambda of: duration(of.responses.first.spread.median),
    "1st 9 of 10": lambda of: duration(of.responses.first.spread.p90),
    "1st in time": lambda of: percent(of.responses.first.share_in_target),
    "next median": lambda of: duration(of.responses.next.spread.median),
    "next in time": lambda of: percent(of.responses.next.share_in_target),
    "still broken": lambda of: percent(share_of(of.responses.still_broken, of.responses.answers)),
    "sentiment": lambda of: _mood(of.sentiment),
}


_DAY_NAMES = ("day", "mentions", "cases", "mood")


def _day(day: DayFigures) -> Row:
    name = f"{day.date:%a} {day.date.day} {day.date:%b}"
    return name, f"{day.mentions:,}", f"{day.cases:,}", _mood(day.sentiment)


def text_table(rows: Sequence[Row], widths: Sequence[int]) -> list[Block]:
    """Render rows in type of one width, the first column to the left; of many rows, several blocks.

    All rows show at once: Slack folds long sections, and a table that is cut off looks whole.
    """
    lines = [_line(row, widths) for row in rows]
    parts = [lines[at : at + _ROWS] for at in range(0, len(lines), _ROWS)]
    texts = ["```\n" + escape_code("\n".join(part)) + "\n```" for part in parts]
    return [{**paragraph(text), "expand": True} for text in texts]


def _line(row: Row, widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    return f"{first[0]:<{first[1]}}" + "".join(f"{cell:>{width}}" for cell, width in rest)
