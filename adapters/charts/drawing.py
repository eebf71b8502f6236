"""Draw a chart with matplotlib, as a PNG that is readable on a phone.

Slack shows a picture some 360 pixels wide on a phone: letters of 36 pixels are 12 there. The background is
opaque, so the picture is the same in Slack's light and dark mode. The colours are those of Okabe and Ito,
which people who are colour-blind can tell apart; bars that are the finding differ in lightness, too.

Imported only by the process that draws: matplotlib takes 50 MB, and more with each picture.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapters.charts.chart import Chart, Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 1_080
TOP, PANEL, BOTTOM = 84, 276, 60  # heights in pixels: of a title, of the bars below it, of the times
BACKGROUND, INK, FAINT = "#ffffff", "#1d1c1d", "#5e5d60"
BAR, HIGH, LINE = "#9ecae9", "#d55e00", "#0b5c8c"
PARTIAL = "#dcecf7"
_SIDE = 40
_DPI = 100
_LETTERS = 36 * 72 / _DPI  # points
_ROOMY = 7  # texts for which there is room at the usual size
_SMALL_LETTERS = 32 * 72 / _DPI
_TEXT_HEIGHT = 0.25  # of the highest bar
_HALF_LETTER = 11  # pixels, of the width of one
_GAP = 8  # pixels between texts of bars side by side
_BAR_WIDTH = 0.82  # share of a bar's place
_ABOVE = 1.32  # the height of the axis in that of the highest bar: the rest is for what stands above it
_STROKE = 5


def draw(chart: Chart) -> bytes:
    """Return the picture as a PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = (TOP + PANEL) * len(chart.panels) + BOTTOM
    figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=BACKGROUND)
    FigureCanvasAgg(figure)
    for number, panel in enumerate(chart.panels):
        bottom = height - (TOP + PANEL) * (number + 1)
        axes = figure.add_axes(
            (_SIDE / WIDTH, bottom / height, 1 - 2 * _SIDE / WIDTH, PANEL / height), facecolor=BACKGROUND
        )
        _draw_panel(axes, panel)
        _draw_ticks(axes, chart.ticks if panel is chart.panels[-1] else ())
    written = io.BytesIO()
    figure.savefig(written, format="png", facecolor=BACKGROUND, metadata={"Software": None})
    return written.getvalue()


def _draw_panel(axes: "Axes", panel: Panel) -> None:
    from matplotlib.patheffects import withStroke

    count = len(panel.bars)
    top = max([1e-9, *(value or 0.0 for value in (*panel.bars, *panel.line))])
    axes.set_xlim(0, count)
    axes.set_ylim(0, top * _ABOVE)
    for number, value in enumerate(panel.bars):
        if value:
            colour = HIGH if number in panel.high else PARTIAL if number in panel.partial else BAR
            edge = HIGH if number in panel.high else LINE
            axes.bar(number + 0.5, value, _BAR_WIDTH, color=colour, edgecolor=edge, linewidth=2)
    for number, value in enumerate(panel.line):
        if value is not None:
            axes.hlines(value, number, number + 1, color=LINE, linewidth=4, zorder=3)
    for mark in panel.marks:
        axes.axvline(mark, color=INK, linestyle=":", linewidth=3, zorder=4)
        axes.plot([mark], [top * _ABOVE], marker="v", markersize=16, color=INK, clip_on=False, zorder=5)
    stroke = [withStroke(linewidth=_STROKE, foreground=BACKGROUND)]
    letters = _letters(panel)
    for number, text in enumerate(panel.texts):
        if text:
            at, half = _clear_of_sides(number + 0.5, text, count), _half_width(text, count)
            # A mark is interrupted by a number that it would strike through.
            is_crossed = any(abs(mark - at) <= half for mark in panel.marks)
            axes.text(
                at,
                _clear_of_lines(panel, number, (at - half, at + half), top) + top * 0.03,
                text,
                ha="center",
                va="bottom",
                fontsize=letters,
                color=INK,
                path_effects=stroke,
                bbox={"facecolor": BACKGROUND, "edgecolor": "none", "pad": 1} if is_crossed else None,
                zorder=6,
            )
    axes.set_title(panel.title, loc="left", fontsize=_LETTERS, color=INK, pad=20)
    _draw_names(axes, panel)


def _letters(panel: Panel) -> float:
    """Return the size of the texts of bars, in points: smaller where they would touch each other."""
    texts = [text for text in panel.texts if text]
    widest = max(map(len, texts), default=0) * 2 * _HALF_LETTER + _GAP
    is_tight = len(texts) > 1 and widest > (WIDTH - 2 * _SIDE) / len(panel.bars)
    return _SMALL_LETTERS if is_tight or len(texts) > _ROOMY else _LETTERS


def _clear_of_lines(panel: Panel, number: int, span: tuple[float, float], top: float) -> float:
    """Return where the text of a bar stands: on the bar, or on the highest line that would cross the text."""
    height = panel.bars[number] or 0.0
    first, last = (min(max(int(end), 0), len(panel.bars) - 1) for end in span)
    for value in sorted(value for value in panel.line[first : last + 1] if value is not None):
        if height < value < height + top * _TEXT_HEIGHT:
            height = value
    return height


def _clear_of_sides(at: float, text: str, count: int) -> float:
    """Return where the middle of a text is, so that it is not cut off at the sides."""
    half = _half_width(text, count)
    return min(max(at, half), count - half)


def _half_width(text: str, count: int) -> float:
    """Return half the width of a text, in bars; at most half of the chart."""
    return min(len(text) * _HALF_LETTER / (WIDTH - 2 * _SIDE), 0.5) * count


def _draw_names(axes: "Axes", panel: Panel) -> None:
    """Say at the right of the title what the line and the marks are."""
    from matplotlib.lines import Line2D

    handles: list[Line2D] = []
    if panel.line and panel.line_name:
        handles.append(Line2D([], [], color=LINE, linewidth=4, label=panel.line_name))
    if panel.marks and panel.mark_name:
        handles.append(Line2D([], [], color=INK, marker="v", markersize=14, ls="", label=panel.mark_name))
    if handles:
        axes.legend(
            handles=handles,
            loc="lower right",
            bbox_to_anchor=(1, 1.07),
            ncols=len(handles),
            frameon=False,
            fontsize=_LETTERS,
            labelcolor=FAINT,
            handlelength=1,
            handletextpad=0.4,
            columnspacing=1,
            borderpad=0,
            borderaxespad=0,
        )


def _draw_ticks(axes: "Axes", ticks: Sequence[tuple[float, str]]) -> None:
    for name in ("left", "right", "top"):
        axes.spines[name].set_visible(False)
    axes.spines["bottom"].set(color=FAINT, linewidth=3)
    axes.set_yticks([])
    places = [_clear_of_sides(at, label, round(axes.get_xlim()[1])) for at, label in ticks]
    axes.set_xticks(places, [label for _, label in ticks], fontsize=_LETTERS, color=FAINT)
    axes.tick_params(length=0, pad=8)
