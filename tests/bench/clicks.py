"""Benchmark click to ack: a real claim in the real bot, against a bare Bolt handler, both over HTTP.

Each runs in a process of its own; the load generator is a third process, and this one is the sandbox.
Delivery works as in production, at Slack's rate limits, and its queue is emptied before each round. Every
click claims another case.
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

from adapters.slack.manifest import EVENTS_PATH
from sandbox.world import World, running
from storage.outbox_tables import QUEUED, SENT, outbox
from storage.tables import cases
from tests.bench.claims import claims
from tests.bench.databases import Databases
from tests.bench.figures import Figure, at_most, times_floor
from tests.bench.sizes import Sizes
from tests.processes import BotProcess

MOST = {"SQLite": 1.7, "PostgreSQL": 2.5}  # times the baseline
LONGEST = 3_000.0  # milliseconds; Slack then says that the app did not answer


@dataclass
class Target:
    """A measured process: `took` milliseconds per click by clients and round, and CPU milliseconds.

    `cpu_ms` is CPU milliseconds per click, by round.
    """

    address: str
    process: psutil.Process
    took: dict[int, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    cpu_ms: list[float] = field(default_factory=list)

    def best(self, clients: int, quantile: int) -> float:
        """Return the quantile of the round where it was lowest."""
        every = (statistics.quantiles(took, n=100, method="inclusive") for took in self.took[clients])
        return min(quantiles[quantile - 1] for quantiles in every)

    async def click(self, secret: str, bodies: list[str], clients: int) -> None:
        """Run one round."""
        before = self._cpu_ms()
        self.took[clients].append(await _click(self.address, secret, bodies, clients))
        self.cpu_ms.append((self._cpu_ms() - before) / len(bodies))

    def _cpu_ms(self) -> float:
        used = self.process.cpu_times()
        return 1000.0 * (used.user + used.system)


def clicks(databases: Databases, sizes: Sizes, folder: Path) -> list[Figure]:
    """Measure per database and number of clients the median and 99th percentile of the best round."""
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
                measured=min(measured.cpu_ms),
                floor=min(floor.cpu_ms),
            )
        )
    return figures


def _people(clients: int) -> str:
    return f"{clients} client{'s' * (clients > 1)}"


async def _measure(url: str, sizes: Sizes, folder: Path) -> tuple[Target, Target]:
    """Measure baseline and bot in alternation, so that other load on the machine affects both."""
    world, secret = World.create(), secrets.token_hex(16)
    many = sizes.rounds * sum(sizes.clicks.values()) + 1
    bodies = iter(claims(world, url, many))
    async with (
        running(world) as address,
        _baseline(world.environment(address)["SLACK_API_URL"], secret) as floor,
    ):
        bot = BotProcess(folder, _environment(world, address, url, secret))
        await bot.start()
        measured = Target(bot.address, psutil.Process(bot.pid))
        try:
            first = [next(bodies)]
            for target in (floor, measured):
                await _click(
                    target.address, secret, first, 1
                )  # warm-up: asks Slack for our user id, and compiles the statements
            for _ in range(sizes.rounds):
                for clients, clicks in sizes.clicks.items():
                    sent = [next(bodies) for _ in range(clicks)]
                    for target in (floor, measured):
                        await target.click(secret, sent, clients)
                    _settle_queued_effects(url)
        finally:
            await bot.terminate()
    _require_claimed(url, many)
    return floor, measured


def _environment(world: World, address: str, url: str, secret: str) -> dict[str, str]:
    environment = world.environment(address)
    del environment["OPENAI_API_KEY"], environment["SLACK_APP_TOKEN"]
    return environment | {"DATABASE_URL": url, "HTTP_PORT": "0", "SLACK_SIGNING_SECRET": secret}


@asynccontextmanager
async def _baseline(slack_api_url: str, secret: str) -> AsyncIterator[Target]:
    """Run the baseline handler."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.bare", slack_api_url, secret, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    try:
        address = (await child.stdout.readline()).decode().strip()
        yield Target(address, psutil.Process(child.pid))
    finally:
        child.kill()
        await child.wait()


async def _click(place: str, secret: str, bodies: list[str], clients: int) -> list[float]:
    """Return the milliseconds of each click."""
    task = {
        "port": urlsplit(place).port,
        "path": EVENTS_PATH,
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
    output, _ = await child.communicate(json.dumps(task).encode())
    if child.returncode != 0:
        raise RuntimeError("the load generator gave up; see above")
    return [1000 * seconds for seconds in json.loads(output)]


def _settle_queued_effects(url: str) -> None:
    """Mark the queued card updates as sent.

    A thousand clicks a second queue an hour of card updates at Slack's rate limit.
    """
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            update(outbox).where(outbox.c.state == QUEUED).values(state=SENT, settled_at=datetime.now(UTC))
        )
    engine.dispose()


def _require_claimed(url: str, many: int) -> None:
    """Check that every click claimed a case; an ack without a claim would invalidate the measurement."""
    engine = create_engine(url)
    with engine.connect() as connection:
        claimed = connection.scalar(select(func.count()).where(cases.c.claimed_by.is_not(None)))
    engine.dispose()
    if claimed != many:
        raise RuntimeError(f"{many} cases were to be claimed, and {claimed} were")
