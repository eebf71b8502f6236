"""Render the answer to `/mentions completeness`: by day, what networks listed and what we hold."""

from collections.abc import Callable, Sequence

from adapters.slack.blocks import context, paragraphs
from adapters.slack.escaping import escape
from adapters.slack.message_content import Content
from domain.intake.completeness import DayCompleteness

MAX_ROWS = 30
_TITLE = "Mentions listed and held"
_FOOTER = (
    "Days are those of UTC, by which networks count. *Late*: listed after we had read past it, and found by a "
    "look back. *Gone*: held, and deleted, protected or erased since. More: docs/figures.md."
)


def render_completeness(days: Sequence[DayCompleteness], *, network_label: Callable[[str], str]) -> Content:
    """Render the days, the newest first."""
    rows = [_row(day, network_label) for day in days[:MAX_ROWS]]
    lines = rows or ["Nothing was compared yet: the first look back comes within two hours."]
    return Content(text=_TITLE, blocks=[*paragraphs([f"*{_TITLE}*", *lines]), context(_FOOTER)])


def _row(day: DayCompleteness, network_label: Callable[[str], str]) -> str:
    one = day.counted
    rest = {"missing": one.missing, "late": one.late, "could not be read": day.unreadable, "gone": day.gone}
    parts = [f"{one.listed:,} listed", f"{one.held:,} held"]
    parts += [
        f"*{count:,} {name}*" if name == "missing" else f"{count:,} {name}"
        for name, count in rest.items()
        if count
    ]
    return f"{one.day} · {escape(network_label(one.network))}: {' · '.join(parts)}"
