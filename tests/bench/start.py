"""Benchmark startup: from exec to the log line "ready:", against importing the required libraries."""

import asyncio
import sys
import time
from pathlib import Path

from sandbox.world import World, running
from tests.bench.databases import Databases
from tests.bench.figures import Figure, at_most
from tests.bench.sizes import Sizes
from tests.processes import BotProcess

SECONDS = 2.0
LIBRARIES = "import aiohttp, slack_bolt.async_app, sqlalchemy, tweepy.asynchronous"
_POLL_SECONDS = 0.005  # seconds between polls of the log


def start(databases: Databases, sizes: Sizes, folder: Path) -> list[Figure]:
    """Measure on each database the best of several starts, in alternation with the baseline.

    The database exists already, and the bot uses Socket Mode.
    """
    figures = []
    for name, fresh in databases.items():
        place = folder / f"start-{name}"
        place.mkdir()
        floor, measured = asyncio.run(_measure(fresh(), sizes.starts, place))
        figures.append(at_most(f"start to connected, {name}", "s", min(measured), SECONDS, min(floor)))
    return figures


async def _measure(url: str, starts: int, folder: Path) -> tuple[list[float], list[float]]:
    world = World.create()
    floor, measured = [], []
    async with running(world) as address:
        environment = world.environment(address) | {"DATABASE_URL": url}
        bot = BotProcess(folder, environment)
        for _ in range(starts):
            began = time.perf_counter()
            child = await asyncio.create_subprocess_exec(sys.executable, "-c", LIBRARIES)
            await child.wait()
            floor.append(time.perf_counter() - began)
            began = time.perf_counter()
            await bot.spawn()
            while "ready:" not in bot.log:
                if not bot.is_running:
                    raise RuntimeError(f"the bot did not start:\n{bot.log}")
                await asyncio.sleep(_POLL_SECONDS)
            measured.append(time.perf_counter() - began)
            await bot.terminate()
    return floor, measured
