"""Draw charts: what is seen, on which background, how large; and the process that draws."""

import io
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from adapters.charts import drawer, drawing
from adapters.charts.chart import Chart, Panel, decode, encode
from adapters.charts.drawer import ChartDrawer, NotDrawn
from adapters.charts.drawing import BOTTOM, PANEL, TOP, WIDTH, draw

TICKS = [(0.0, "12:00"), (3.0, "15:00")]
LARGEST = 60_000  # bytes: a phone loads it at once


def a_panel(bars: Sequence[float | None] = (3, 10, 4), **fields: Any) -> Panel:  # noqa: ANN401 - any of the fields
    return Panel(
        **{"title": "Mentions a day", "bars": bars, "texts": [f"{bar or 0:.3g}" for bar in bars]} | fields
    )


def picture_of(*panels: Panel) -> Image.Image:
    drawn = draw(Chart(panels=panels, ticks=TICKS))
    assert len(drawn) < LARGEST
    picture = Image.open(io.BytesIO(drawn)).convert("RGB")
    assert picture.size == (WIDTH, (TOP + PANEL) * len(panels) + BOTTOM)
    return picture


def pixels(picture: Image.Image, colour: str) -> int:
    wanted = tuple(bytes.fromhex(colour.removeprefix("#")))
    return sum(count for count, found in picture.getcolors(1_000_000) or [] if found == wanted)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2)."""

    def luminance(colour: str) -> float:
        parts = [part / 255 for part in bytes.fromhex(colour.removeprefix("#"))]
        red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_finding_has_another_colour_on_an_opaque_background() -> None:
    picture = picture_of(a_panel((1, 2, 0, 1, 20, 30), high=[4, 5], line=[1] * 6, line_name="usual"))
    assert picture.getpixel((2, 2)) == (255, 255, 255)
    assert pixels(picture, drawing.HIGH) > 5 * pixels(picture, drawing.BAR) > 0
    assert pixels(picture, drawing.LINE) > 0


def test_each_panel_is_drawn_with_its_line_marks_and_parts() -> None:
    plain = picture_of(a_panel(), a_panel())
    full = picture_of(
        a_panel(partial=[0], line=[5, None, 5], line_name="the week before"), a_panel(marks=[1.5])
    )
    assert pixels(plain, drawing.PARTIAL) == 0 < pixels(full, drawing.PARTIAL)
    assert pixels(full, drawing.LINE) > pixels(plain, drawing.LINE)
    lower = (0, TOP + PANEL, WIDTH, plain.height)
    assert pixels(full.crop(lower), drawing.INK) > pixels(plain.crop(lower), drawing.INK)


@pytest.mark.parametrize(
    "texts",
    [
        (
            "55 min",
            "48 min",
            "59 min",
            "7.4 h",
            "44 min",
            "10.8 h",
            "2.6 h",
            "",
        ),  # a week that begins at 4:50
        ("55 min", "48 min", "59 min", "51 min", "44 min", "53 min", "58 min"),
        ("1,234", "2,345", "3,456", "4,567", "5,678", "6,789", "7,890", "8,901"),
    ],
)
def test_numbers_side_by_side_do_not_touch(texts: Sequence[str]) -> None:
    figure = Figure(figsize=(WIDTH / 100, 3.6), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((40 / WIDTH, 0.1, 1 - 80 / WIDTH, 0.7))
    drawing._draw_panel(axes, a_panel([5] * len(texts), texts=texts))
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == sum(map(bool, texts))
    assert all(one.x1 < other.x0 for one, other in pairwise(boxes))


def test_a_mark_is_interrupted_by_the_number_that_it_would_strike_through() -> None:
    figure = Figure(figsize=(WIDTH / 100, 3.6), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((40 / WIDTH, 0.1, 1 - 80 / WIDTH, 0.7))
    drawing._draw_panel(axes, a_panel([40] * 8, texts=["8,350"] * 8, marks=[3.5, 5.9]))
    boxes = [text.get_bbox_patch() for text in axes.texts]
    assert [number for number, box in enumerate(boxes) if box is not None] == [3, 5]
    assert axes.texts[3].get_zorder() > max(line.get_zorder() for line in axes.lines)


def test_a_number_stands_clear_of_the_lines_of_the_bars_beside_its_own() -> None:
    figure = Figure(figsize=(WIDTH / 100, 3.6), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((40 / WIDTH, 0.1, 1 - 80 / WIDTH, 0.7))
    bars, line = [*[1] * 11, 10, *[1] * 12], [*[0] * 12, 11, *[0] * 11]
    drawing._draw_panel(axes, a_panel(bars, texts=[*[""] * 11, "55 min", *[""] * 12], line=line))
    [text] = axes.texts
    assert text.get_position()[1] > 11


def test_colours_can_be_told_apart() -> None:
    for letters in (drawing.INK, drawing.FAINT):
        assert contrast(letters, drawing.BACKGROUND) >= 4.5
    for edge in (drawing.LINE, drawing.HIGH):
        assert contrast(edge, drawing.BACKGROUND) >= 3
    assert contrast(drawing.BAR, drawing.LINE) >= 3
    assert contrast(drawing.BAR, drawing.HIGH) >= 2  # lightness alone tells a spike's bars


@pytest.mark.parametrize("bars", [(0,), (None,), (0.4,), (1_000_000, 0, None), tuple(range(62))])
def test_odd_counts_are_drawn(bars: tuple[float | None, ...]) -> None:
    texts = ["1,000,000", *[""] * (len(bars) - 1)]
    more = {"line": bars[:1], "line_name": "the 366 days before", "marks": [0.0, 1.0], "mark_name": "notice"}
    picture_of(a_panel(bars, texts=texts, **more))


def test_a_chart_is_the_same_for_the_process_that_draws_it() -> None:
    chart = Chart(panels=[a_panel([1.5, None], marks=[0.5], high=[0])], ticks=TICKS)
    assert encode(decode(encode(chart))) == encode(chart)


async def test_a_process_draws_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    charts = ChartDrawer()
    chart = Chart(panels=[a_panel()], ticks=TICKS)
    assert await charts.draw(chart) == draw(chart)
    broken = Chart(panels=[a_panel(texts=["1"], bars=[])], ticks=TICKS)
    with pytest.raises(NotDrawn, match="IndexError"):
        await charts.draw(broken)
    monkeypatch.setattr(drawer, "TIMEOUT", 0.01)
    with pytest.raises(NotDrawn, match="longer than"):
        await charts.draw(chart)
