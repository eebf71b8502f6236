"""Live chat: from the send button to the other side's screen, with many chats open, against a bare echo; and what an open chat holds.

The bot, the echo and the customers are processes of their own. A message is posted, and waited for in the stream of the same chat: in between it
is stored with its case, and read again by whoever shows it. An agent's message takes the second half of that way.
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
from domain.handoffs.handoff import Handoff, HandoffState
from domain.venues import Venue
from handlers.intake.mentions import ingest_posts
from handlers.intake.stream_health import MENTIONS
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
A_SECOND = 20  # messages: each of 200 customers writes every ten seconds
SECRET_KEY = "b" * 40


@dataclass
class Side:
    """Milliseconds of each round's messages, and bytes that the process held for each open chat."""

    took: list[list[float]] = field(default_factory=list)
    held: list[float] = field(default_factory=list)

    def best(self, quantile: int) -> float:
        """The quantile in the round where it was least."""
        return min(statistics.quantiles(took, n=100, method="inclusive")[quantile - 1] for took in self.took)


def chat(databases: Databases, sizes: Sizes, folder: Path) -> list[Figure]:
    """On each database: the median and the 99th percentile of the best round, and the memory for each open chat."""
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


async def _measure(url: str, sizes: Sizes, folder: Path) -> tuple[Side, Side]:
    """The echo and the bot in turn, so that whatever else the machine does meets both."""
    world, port = World.create(), a_free_port()
    own = f"http://127.0.0.1:{port}"
    tokens = _offer(url, own, sizes.chats * sizes.rounds)
    floor, measured = Side(), Side()
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


async def _round(side: Side, address: str, process: psutil.Process, tokens: list[str], sizes: Sizes) -> None:
    before = process.memory_info().rss
    task = {"address": address, "tokens": tokens, "messages": sizes.chat_messages, "a_second": A_SECOND}
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
    side.held.append((process.memory_info().rss - before) / len(tokens))
    said, _ = await customers.communicate(b"\n")
    if customers.returncode != 0:
        raise RuntimeError("the customers gave up; see above")
    side.took.append([1000 * seconds for seconds in json.loads(said)])


@asynccontextmanager
async def _echo() -> AsyncIterator[tuple[str, psutil.Process]]:
    """The floor: its address and its process."""
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
    """The tokens of so many chats, each offered to another author's case."""
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
