"""Benchmark live chat: latency from send to the other side's screen, and memory per open chat.

The baseline is a bare echo server. The bot, the echo server and the customers are processes of their own. A
message is posted and awaited in the stream of the same chat: in between it is stored with its case and read
again for the page. An agent's message takes the second half of that path.
"""

import asyncio
import json
import secrets
import statistics
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from adapters.chat import ChatLinks
from adapters.networks.x.profile import PROFILE
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.stream_names import MENTIONS
from domain.venues import Venue
from handlers.intake.mentions import ingest_posts
from sandbox.world import World, running
from storage.engine import open_store
from tests.bench.databases import Databases
from tests.bench.figures import Figure, at_most
from tests.bench.posts import ACCOUNT, classifier, posts
from tests.bench.sizes import Sizes
from tests.handlers.web.chat.sites import a_free_port
from tests.processes import BotProcess
from tests.stories import SAM

MOST = 50.0  # milliseconds, the 99th percentile
MESSAGES_PER_SECOND = 20  # messages: 200 customers, each of whom writes every ten seconds
SECRET_KEY = "b" * 40


@dataclass
class Target:
    """Milliseconds per message in each round, and bytes that the process held per open chat."""

    took: list[list[float]] = field(default_factory=list)
    held: list[float] = field(default_factory=list)

    def best(self, quantile: int) -> float:
        """Return the quantile of the round where it was lowest."""
        return min(statistics.quantiles(took, n=100, method="inclusive")[quantile - 1] for took in self.took)


def chat(databases: Databases, sizes: Sizes, folder: Path) -> list[Figure]:
    """Measure on each database the median and 99th percentile of the best round, and memory per open chat."""
    figures = []
    for name, fresh in databases.items():
        place = folder / f"chat-{name}"
        place.mkdir()
        floor, measured = asyncio.run(_measure(fresh(), sizes, place))
        what = f"chat message to the other side, {name}, {sizes.chats} open chats"
        figures.append(
            Figure(what=f"{what}, median", unit="ms", measured=measured.best(50), floor=floor.best(50))
        )
        figures.append(at_most(f"{what}, 99th percentile", "ms", measured.best(99), MOST, floor.best(99)))
        figures.append(
            Figure(
                what=f"memory of an open chat, {name}",
                unit="kB",
                measured=max(measured.held) / 1000,
                floor=max(floor.held) / 1000,
            )
        )
    return figures


async def _measure(url: str, sizes: Sizes, folder: Path) -> tuple[Target, Target]:
    """Measure baseline and bot in alternation, so that other load on the machine affects both."""
    world, port = World.create(), a_free_port()
    own = f"http://127.0.0.1:{port}"
    tokens = _offer(url, own, sizes.chats * sizes.rounds)
    floor, measured = Target(), Target()
    async with running(world) as address, _echo() as echo:
        environment = world.environment(address) | {
            "DATABASE_URL": url,
            "HTTP_PORT": str(port),
            "PUBLIC_URL": own,
            "SECRET_KEY": SECRET_KEY,
        }
        bot = BotProcess(folder, environment)
        await bot.start()
        try:
            for first in range(0, len(tokens), sizes.chats):
                some = tokens[first : first + sizes.chats]
                await _round(floor, *echo, some, sizes)
                await _round(measured, own, psutil.Process(bot.pid), some, sizes)
        finally:
            await bot.terminate()
    return floor, measured


async def _round(
    target: Target, address: str, process: psutil.Process, tokens: list[str], sizes: Sizes
) -> None:
    before = process.memory_info().rss
    task = {
        "address": address,
        "tokens": tokens,
        "messages": sizes.chat_messages,
        "a_second": MESSAGES_PER_SECOND,
    }
    customers = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.chat_load",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert customers.stdin is not None
    assert customers.stdout is not None
    customers.stdin.write(f"{json.dumps(task)}\n".encode())
    await customers.stdout.readline()
    target.held.append((process.memory_info().rss - before) / len(tokens))
    output, _ = await customers.communicate(b"\n")
    if customers.returncode != 0:
        raise RuntimeError("the customers gave up; see above")
    target.took.append([1000 * seconds for seconds in json.loads(output)])


@asynccontextmanager
async def _echo() -> AsyncIterator[tuple[str, psutil.Process]]:
    """Start the echo server; yields its address and process."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.echo", stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    try:
        yield (await child.stdout.readline()).decode().strip(), psutil.Process(child.pid)
    finally:
        child.kill()
        await child.wait()


def _offer(url: str, own: str, many: int) -> list[str]:
    """Create `many` chats, each offered to another author's case; returns their tokens."""
    links, now = ChatLinks(public_url=own, secret_key=SECRET_KEY), datetime.now(UTC)
    store = open_store(url)
    with store.unit_of_work() as uow:
        [model] = posts(1)
        made = [
            replace(
                model,
                id=str(10**6 + n),
                revision_id=str(10**6 + n),
                conversation_id=str(10**6 + n),
                author=replace(model.author, id=f"customer{n}", handle=f"customer{n}"),
                created_at=now,
            )
            for n in range(many)
        ]
        ingest_posts(
            uow,
            account=ACCOUNT,
            profile=PROFILE,
            posts=made,
            stream=MENTIONS,
            newest_id=None,
            classifier=classifier(),
            now=now,
        )
        cases = uow.cases.unclaimed(limit=many)
        offers = [
            Handoff(
                id=0,
                case_id=case.id,
                venue=Venue.CHAT,
                state=HandoffState.OFFERED,
                offered_at=now,
                offered_by=SAM,
                expires_at=now + timedelta(days=1),
                nonce=secrets.token_hex(16),
                code="",
            )
            for case in cases
        ]
        for offer in offers:
            uow.handoffs.add(offer)
    store.close()
    return [links.link(offer.nonce).partition("#")[2] for offer in offers]
