"""Click to ack: a real claim in the real bot, against a bare Bolt handler; both over HTTP, each in a process of its own.

The load generator is a third process, and this one is the pretend world, which stands by: delivery works as in life, at Slack's
pace, and begins every round with nothing left over. Every click claims another case.
"""

import asyncio
import json
import secrets
import statistics
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from sqlalchemy import create_engine, func, select, update

from handlers.web.app import SLACK_PATH
from sandbox.world import World, running
from storage.tables import QUEUED, SENT, cases, outbox
from tests.bench.claims import claims
from tests.bench.databases import Databases
from tests.bench.figures import Figure, at_most, times_floor
from tests.bench.sizes import Sizes
from tests.processes import BotProcess

MOST = {"SQLite": 1.7, "PostgreSQL": 2.5}  # times the floor
LONGEST = 3_000.0  # milliseconds; Slack then says that the app did not answer


@dataclass
class Side:
    """What is clicked on, and what that took: milliseconds by clients in rounds, and of its processor for each click by rounds."""

    address: str
    process: psutil.Process
    took: dict[int, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    worked: list[float] = field(default_factory=list)

    def best(self, clients: int, quantile: int) -> float:
        """The quantile in the round where it was least."""
        every = (statistics.quantiles(took, n=100, method="inclusive") for took in self.took[clients])
        return min(quantiles[quantile - 1] for quantiles in every)

    async def click(self, secret: str, bodies: list[str], clients: int) -> None:
        """One round."""
        before = self._worked()
        self.took[clients].append(await _click(self.address, secret, bodies, clients))
        self.worked.append((self._worked() - before) / len(bodies))

    def _worked(self) -> float:
        used = self.process.cpu_times()
        return 1000.0 * (used.user + used.system)


def clicks(databases: Databases, sizes: Sizes, folder: Path) -> list[Figure]:
    """On each database, at each number of clients: the median and the 99th percentile, each of its best round."""
    figures = []
    for name, fresh in databases.items():
        place = folder / f"clicks-{name}"
        place.mkdir()
        floor, measured = asyncio.run(_measure(fresh(), sizes, place))
        for clients in sizes.clicks:
            for what, quantile in (("median", 50), ("99th percentile", 99)):
                figures.append(
                    times_floor(
                        f"click to ack, {name}, {_people(clients)}, {what}",
                        "ms",
                        measured.best(clients, quantile),
                        floor.best(clients, quantile),
                        MOST[name],
                    )
                )
        longest = max(took for rounds in measured.took.values() for one in rounds for took in one)
        figures.append(at_most(f"click to ack, {name}, the longest of all", "ms", longest, LONGEST))
        figures.append(
            Figure(
                what=f"processor time for a click, {name}",
                unit="ms",
                measured=min(measured.worked),
                floor=min(floor.worked),
            )
        )
    return figures


def _people(clients: int) -> str:
    return f"{clients} client{'s' * (clients > 1)}"


async def _measure(url: str, sizes: Sizes, folder: Path) -> tuple[Side, Side]:
    """The floor and the bot in turn, so that whatever else the machine does meets both."""
    world, secret = World.create(), secrets.token_hex(16)
    many = sizes.rounds * sum(sizes.clicks.values()) + 1
    bodies = iter(claims(world, url, many))
    async with running(world) as address, _bare(world.environment(address)["SLACK_API_URL"], secret) as floor:
        bot = BotProcess(folder, _environment(world, address, url, secret))
        await bot.start()
        measured = Side(bot.address, psutil.Process(bot.pid))
        try:
            first = [next(bodies)]
            for side in (floor, measured):
                await _click(
                    side.address, secret, first, 1
                )  # asks Slack who we are, and compiles the statements
            for _ in range(sizes.rounds):
                for clients, clicks in sizes.clicks.items():
                    sent = [next(bodies) for _ in range(clicks)]
                    for side in (floor, measured):
                        await side.click(secret, sent, clients)
                    _let_slack_catch_up(url)
        finally:
            await bot.terminate()
    _require_claimed(url, many)
    return floor, measured


def _environment(world: World, address: str, url: str, secret: str) -> dict[str, str]:
    environment = world.environment(address)
    del environment["OPENAI_API_KEY"], environment["SLACK_APP_TOKEN"]
    return environment | {"DATABASE_URL": url, "HTTP_PORT": "0", "SLACK_SIGNING_SECRET": secret}


@asynccontextmanager
async def _bare(slack_api_url: str, secret: str) -> AsyncIterator[Side]:
    """The floor."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.bare", slack_api_url, secret, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    try:
        address = (await child.stdout.readline()).decode().strip()
        yield Side(address, psutil.Process(child.pid))
    finally:
        child.kill()
        await child.wait()


async def _click(place: str, secret: str, bodies: list[str], clients: int) -> list[float]:
    """How many milliseconds each click took."""
    task = {
        "port": urlsplit(place).port,
        "path": SLACK_PATH,
        "secret": secret,
        "bodies": bodies,
        "clients": clients,
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.load",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await child.communicate(json.dumps(task).encode())
    if child.returncode != 0:
        raise RuntimeError("the load generator gave up; see above")
    return [1000 * seconds for seconds in json.loads(said)]


def _let_slack_catch_up(url: str) -> None:
    """People who click a thousand times a second leave Slack an hour of card updates at its pace: take them as done."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            update(outbox).where(outbox.c.state == QUEUED).values(state=SENT, settled_at=datetime.now(UTC))
        )
    engine.dispose()


def _require_claimed(url: str, many: int) -> None:
    """A click that was answered without a claim would be no measurement."""
    engine = create_engine(url)
    with engine.connect() as connection:
        claimed = connection.scalar(select(func.count()).where(cases.c.claimed_by.is_not(None)))
    engine.dispose()
    if claimed != many:
        raise RuntimeError(f"{many} cases were to be claimed, and {claimed} were")
