"""Start to connected: from exec to the log line that says "ready:", against importing the libraries that it cannot do without."""

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
_GLANCE = 0.005  # seconds between looks at the log


def start(databases: Databases, sizes: Sizes, folder: Path) -> list[Figure]:
    """On each database, which is there already, in Socket Mode; the best of several starts in turn with the floor."""
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
                await asyncio.sleep(_GLANCE)
            measured.append(time.perf_counter() - began)
            await bot.terminate()
    return floor, measured
