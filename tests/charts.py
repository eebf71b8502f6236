"""Draw charts without a process for each."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from adapters.charts.chart import Chart
from adapters.charts.drawer import ChartDrawer
from adapters.charts.drawing import draw


class DrawnHere(ChartDrawer):
    """Draws in a thread of this process: starting another one takes twenty times as long."""

    async def draw(self, chart: Chart) -> bytes:
        async with self._lock:
            return await asyncio.to_thread(draw, chart)


@contextmanager
def drawn_here() -> Iterator[None]:
    """Have every chart drawn in this process. `tests/adapters/charts/` starts the one that draws."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ChartDrawer, "draw", DrawnHere.draw)
        yield
