"""Draw the chart of a spike."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.charts.spike_chart import HEIGHT, WIDTH, draw_spike
from domain.surge.views import SpikeHistory

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ORANGE, BLUE, WHITE = (213, 94, 0), (158, 202, 233), (255, 255, 255)


def _drawn(counts: tuple[int, ...], *, usual: float = 0.5, high: int = 2) -> Image.Image:
    bucket = timedelta(minutes=5)
    history = SpikeHistory(since=NOW - bucket * len(counts), bucket=bucket, counts=counts, usual=usual)
    return Image.open(io.BytesIO(draw_spike(history, high_from=NOW - bucket * high))).convert("RGB")


def _pixels(picture: Image.Image, colour: tuple[int, int, int]) -> int:
    return sum(many for many, found in picture.getcolors(WIDTH * HEIGHT) or [] if found == colour)


def test_bars_of_the_spike_have_another_colour_on_an_opaque_background() -> None:
    picture = _drawn((1, 2, 0, 1, 20, 30))
    assert picture.size == (WIDTH, HEIGHT)
    assert picture.getpixel((2, 2)) == WHITE
    assert _pixels(picture, ORANGE) > 5 * _pixels(picture, BLUE) > 0


@pytest.mark.parametrize("counts", [(0,), (0, 0, 0), (1,), (1_000_000, 0)])
def test_odd_counts_are_drawn(counts: tuple[int, ...]) -> None:
    assert _drawn(counts).size == (WIDTH, HEIGHT)


@settings(max_examples=15, deadline=None)
@given(counts=st.lists(st.integers(0, 10_000), min_size=1, max_size=40), usual=st.floats(0, 1_000))
def test_anything_is_drawn(counts: list[int], usual: float) -> None:
    assert _drawn(tuple(counts), usual=usual).size == (WIDTH, HEIGHT)
