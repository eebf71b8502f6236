"""Chart a period: mentions and first answers in each part of it, beside the period before.

No label has a word that somebody wrote: the picture's letters lack most scripts. Those words are in the text.
"""

from collections.abc import Sequence
from datetime import datetime

from adapters.charts.chart import Chart, Panel
from domain.reports.trends import Step, Trend

_MAX_TEXTS = 8  # bars that have room for a number each
_STEPS = {Step.HOUR: "an hour", Step.DAY: "a day", Step.WEEK: "a week"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_LABELS = 3
_WEEK = 7
_HOURS_A_DAY = 25  # where the clock is put back


def summary_chart(trend: Trend, *, before: str | None) -> Chart:
    """Return the chart; `before` is the name of the period before, `None` where nothing is known of it."""
    count = len(trend.parts)
    marks = [_position(trend, at) for at in trend.notices]
    panels = [
        Panel(
            title=f"Mentions {_STEPS[trend.step]}",
            bars=trend.mentions,
            texts=_texts(trend.mentions, [f"{mentions:,}" for mentions in trend.mentions]),
            partial=trend.partial,
            line=_fitted(trend.mentions_before, count) if before is not None else (),
            line_name=before or "",
            marks=marks,
            mark_name="notice",
        )
    ]
    if any(median is not None for median in (*trend.first_medians, *trend.first_medians_before)):
        panels.append(
            Panel(
                title="First answer: half within",
                bars=trend.first_medians,
                texts=_texts(trend.first_medians, [_short(median) for median in trend.first_medians]),
                partial=trend.partial,
                line=_fitted(trend.first_medians_before, count) if before is not None else (),
                marks=marks,
            )
        )
    return Chart(panels=panels, ticks=_ticks(trend))


def _fitted(values: Sequence[float | None], count: int) -> list[float | None]:
    """Return a value for each bar: the period before may have an hour less or more."""
    return [*values[:count], *([None] * (count - len(values)))]


def _texts(values: Sequence[float | None], texts: Sequence[str]) -> list[str]:
    """Keep the texts that have room: those of few bars, else that of the highest."""
    if len(values) <= _MAX_TEXTS:
        return list(texts)
    known = [value or 0.0 for value in values]
    highest = known.index(max(known))
    return [text if number == highest else "" for number, text in enumerate(texts)]


def _short(seconds: float | None) -> str:
    """Format a duration in one unit: "45 s", "18 min", "3.2 h", "2.5 d"; empty for none."""
    if seconds is None:
        return ""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    size, unit = (_HOUR, "h") if seconds < 2 * _DAY else (_DAY, "d")
    return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"


def _position(trend: Trend, at: datetime) -> float:
    """Return where a moment is, counted in parts."""
    for number, part in enumerate(trend.parts):
        if part.since <= at < part.until:
            return number + (at - part.since) / (part.until - part.since)
    return float(len(trend.parts))


def _ticks(trend: Trend) -> list[tuple[float, str]]:
    """Label each of a few days; of more parts, the first one, the middle one and the last one."""
    count, zone = len(trend.parts), trend.period.zone
    if trend.step is Step.HOUR:
        places = [0, count // 2, count] if count > 1 else [0]
        moments = [*(part.since for part in trend.parts), trend.period.until]
        # A clock time of more than a day does not say which day it is of.
        form = "%a %H:%M" if count > _HOURS_A_DAY else "%H:%M"
        return [(float(place), f"{moments[place].astimezone(zone):{form}}") for place in places]
    if count <= _MAX_TEXTS:
        has_room = count <= _WEEK
        return [
            (number + 0.5, f"{part.date:%a}" + (f" {part.date.day}" if has_room else ""))
            for number, part in enumerate(trend.parts)
        ]
    places = sorted({(count - 1) * label // (_LABELS - 1) for label in range(_LABELS)})
    dates = [trend.parts[place].date for place in places]
    return [(place + 0.5, f"{date.day} {date:%b}") for place, date in zip(places, dates, strict=True)]
