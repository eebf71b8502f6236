"""Have charts drawn by a process that ends, one at a time: a plotting library's memory is not the bot's."""

import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path

from adapters.charts.chart import Chart, encode
from adapters.temporary_folders import temporary_folder

#: Seconds until a chart is given up. Usually one takes a second.
TIMEOUT = 30.0
_ROOT = Path(__file__).resolve().parents[2]


class NotDrawn(Exception):
    """The chart could not be drawn."""


@dataclass
class ChartDrawer:
    """Starts a process for each chart. It is given the chart, and nothing of the bot's environment."""

    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def draw(self, chart: Chart) -> bytes:
        """Return the chart as a PNG; raises `NotDrawn`."""
        # The library keeps what it knows of the system's fonts in the folder.
        async with self._lock:
            with temporary_folder() as folder:
                return await self._drawn(chart, str(folder))

    async def _drawn(self, chart: Chart, folder: str) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            __package__,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=_ROOT,
            env={"MPLCONFIGDIR": folder, "OPENBLAS_NUM_THREADS": "1"},
        )
        try:
            async with asyncio.timeout(TIMEOUT):
                drawn, errors = await process.communicate(encode(chart))
        except TimeoutError:
            raise NotDrawn(f"it took longer than {TIMEOUT:g} s") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise NotDrawn(errors.decode(errors="replace").strip().rpartition("\n")[2])
        return drawn
