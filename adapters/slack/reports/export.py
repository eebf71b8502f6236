"""Render what is said of an export while it is written."""

from datetime import timedelta

from adapters.slack.blocks import paragraph, text_content
from adapters.slack.escaping import escape
from adapters.slack.message_content import Content
from adapters.slack.reports.nothing import nothing_blocks
from adapters.slack.reports.wording import filters_mrkdwn, percent, period_line, period_name, span
from adapters.slack.wording import count_of
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.summaries import NothingChosen

_EXPLAINED = "What each column is: docs/figures.md. No words of posts, names or addresses are in it."


def render_export_begun() -> Content:
    """Render the answer to the command."""
    return _said("Your export is being written. It comes to your direct messages.")


def render_progress(period: Period, *, written: int, expected: int) -> Content:
    """Render how far the export is; `expected` is an estimate."""
    share = percent(min(written / expected, 1.0)) if expected else "–"
    return _said(f"Export of {_asked(period)}: {count_of(written, 'row')} written, about {share}.")


def render_export_done(
    period: Period, *, written: int, filters: Filters, nothing: NothingChosen | None = None
) -> Content:
    """Render the end of a progress message; `nothing` says why there is no row, if filters choose none."""
    sentence = (
        f"Export of {escape(_asked(period))}: no row. The file below has the names of the columns alone."
    )
    if nothing is not None:
        blocks = [paragraph(sentence), *nothing_blocks(nothing, filters)]
        return Content(text=sentence, blocks=blocks)
    return _said(f"Export of {_asked(period)}: {count_of(written, 'row')}. The file is below.")


def render_export_failed(period: Period) -> Content:
    """Render that the export was given up."""
    return _said(f"Export of {_asked(period)}: it failed, and no file was sent. Try again in a minute.")


def file_text(period: Period, filters: Filters) -> str:
    """Return the text beside the file, as mrkdwn."""
    only = f", only {filters_mrkdwn(filters)}" if filters.values else ""
    asked = escape(period_line(period))
    return f"{asked}{only}. {_EXPLAINED}"


def file_name(period: Period, extension: str) -> str:
    """Return the file's name, with the first and the last day: "mentions-2026-11-22-to-2026-11-29.csv"."""
    ends = (period.since, period.until - timedelta.resolution)  # the period ends before `until`
    days = dict.fromkeys(at.astimezone(period.zone).date().isoformat() for at in ends)
    return f"mentions-{'-to-'.join(days)}.{extension}"


def _asked(period: Period) -> str:
    return f"{period_name(period).lower()}, {span(period)}"


def _said(text: str) -> Content:
    return text_content(escape(text))
