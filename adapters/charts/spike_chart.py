"""Draw how a spike rose above the usual, as a PNG that is readable on a phone.

Slack shows a picture some 360 pixels wide on a phone: letters of 36 pixels are 12 there. The background is
opaque, so the picture is the same in Slack's light and dark mode. The colours are those of Okabe and Ito,
which people who are colour-blind can tell apart; bars of the spike differ in lightness, too.
"""

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from domain.surge.views import SpikeHistory

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 1_080, 420
_LETTERS = 36
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 40, 76, 76
_BACKGROUND, _INK, _FAINT = "#ffffff", "#1d1c1d", "#5e5d60"
_USUAL_BAR, _HIGH_BAR, _LINE = "#9ecae9", "#d55e00", "#0b5c8c"
_GAP = 0.18  # share of a bar's place
_LABELS = 3


def draw_spike(history: SpikeHistory, *, high_from: datetime) -> bytes:
    """Return the chart as a PNG. Bars from `high_from` on are the spike's."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (WIDTH, HEIGHT), _BACKGROUND)
    draw = ImageDraw.Draw(picture)
    draw.font = ImageFont.load_default(_LETTERS)
    top = max(*history.counts, history.usual, 1.0)
    place = (WIDTH - _LEFT - _RIGHT) / len(history.counts)
    for number, count in enumerate(history.counts):
        left = _LEFT + place * number
        is_high = history.since + history.bucket * (number + 1) > high_from
        if count:
            draw.rectangle(
                (
                    left + place * _GAP / 2,
                    _height(count, top),
                    left + place * (1 - _GAP / 2),
                    HEIGHT - _BOTTOM,
                ),
                fill=_HIGH_BAR if is_high else _USUAL_BAR,
            )
    draw.line((_LEFT, HEIGHT - _BOTTOM, WIDTH - _RIGHT, HEIGHT - _BOTTOM), fill=_FAINT, width=3)
    _draw_usual(draw, history.usual, top)
    _draw_highest(draw, history, place, top)
    _draw_times(draw, history, place)
    minutes = round(history.bucket.total_seconds() / 60)
    draw.text((_LEFT, 14), f"People in each {minutes} min", fill=_INK)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def _height(count: float, top: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM - _LETTERS) * count / top


def _draw_usual(draw: "ImageDraw", usual: float, top: float) -> None:
    """Draw a dashed line at what is usual, with its name at the left."""
    y = min(_height(usual, top), HEIGHT - _BOTTOM - 4)
    for left in range(_LEFT, WIDTH - _RIGHT, 28):
        draw.line((left, y, left + 16, y), fill=_LINE, width=5)
    draw.text((_LEFT, y - 10), "usual", fill=_LINE, anchor="ls", stroke_width=5, stroke_fill=_BACKGROUND)


def _draw_highest(draw: "ImageDraw", history: SpikeHistory, place: float, top: float) -> None:
    """Write the highest count above its bar."""
    highest = max(history.counts)
    middle = _LEFT + place * (history.counts.index(highest) + 0.5)
    x = min(max(middle, _LEFT + _LETTERS), WIDTH - _RIGHT - _LETTERS)
    draw.text((x, _height(highest, top) - 8), str(highest), fill=_INK, anchor="ms")


def _draw_times(draw: "ImageDraw", history: SpikeHistory, place: float) -> None:
    """Write the time at the left, in the middle and at the right."""
    for position in range(_LABELS):
        number = len(history.counts) * position / (_LABELS - 1)
        at = (history.since + history.bucket * number).astimezone(UTC)
        anchor = ("ls", "ms", "rs")[position]
        zone = " UTC" if position == _LABELS - 1 else ""
        draw.text((_LEFT + place * number, HEIGHT - 22), f"{at:%H:%M}{zone}", fill=_FAINT, anchor=anchor)
