"""Benchmark memory of the bot's process, with no case and with many.

The baseline is a process that has only imported the bot's libraries.
"""

import asyncio
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil

from adapters.networks.x.profile import PROFILE
from adapters.slack.manifest import manifest
from domain.intake.stream_names import MENTIONS
from handlers.intake.mentions import ingest_posts
from sandbox import mentions
from sandbox.replay import play_at_once
from sandbox.world import World, running
from storage.engine import Store, open_store
from tests.bench.databases import Databases
from tests.bench.figures import Figure, at_most
from tests.bench.posts import ACCOUNT, BATCH, BEGAN, classifier, posts
from tests.bench.sizes import Sizes
from tests.bench.start import LIBRARIES
from tests.processes import BotProcess
from tests.stories import SAM, SUPPORT

MOST = 150.0  # MB, without the encoder, which is loaded when the first post is read
MOST_OF_ENCODER = 150.0  # MB
_PRINT_MEMORY = f"{LIBRARIES}, psutil; print(psutil.Process().memory_info().rss)"
_TIMEOUT = 30.0  # seconds


def memory(databases: Databases, sizes: Sizes, folder: Path) -> list[Figure]:
    """Measure on each database: idle, then with many cases.

    The second figure is taken after the bundled mentions arrived and an agent used Slack.
    """
    said = subprocess.run(
        [sys.executable, "-c", _PRINT_MEMORY], check=True, capture_output=True, text=True
    ).stdout
    floor = _megabytes(int(said))
    figures = []
    for name, fresh in databases.items():
        place = folder / f"memory-{name}"
        place.mkdir()
        idle, full = asyncio.run(_measure(fresh(), sizes, place))
        figures.append(at_most(f"memory, {name}, idle", "MB", idle, MOST, floor))
        most = MOST + MOST_OF_ENCODER
        figures.append(at_most(f"memory, {name}, {sizes.many_cases:,} cases", "MB", full, most, floor))
    return figures


async def _measure(url: str, sizes: Sizes, folder: Path) -> tuple[float, float]:
    world = World.create()
    world.slack.install(manifest(socket_mode=True))
    async with running(world) as address:
        environment = world.environment(address) | {"DATABASE_URL": url}
        bot = BotProcess(folder, environment)
        await bot.start()
        await asyncio.sleep(sizes.rest_seconds)
        idle = _held(bot)
        await bot.terminate()
        _fill(url, sizes.many_cases)
        play_at_once(world.x, mentions.read("demo"))
        await bot.start()
        await _look_around(world)
        await asyncio.sleep(sizes.rest_seconds)
        full = _held(bot)
        await bot.terminate()
    return idle, full


async def _look_around(world: World) -> None:
    """Open the Home view, ask for the queue, and search the whole history for a word, as Sam."""
    world.slack.open_home(SAM)
    for asked in ("/mentions", "/mentions find hissing"):
        ack = await world.slack.command(SAM, SUPPORT, asked)
        if not ack.answered:
            raise RuntimeError(f"{asked} was not answered: {ack.failure}")
    deadline = time.monotonic() + _TIMEOUT
    while world.slack.home(SAM) is None or not world.slack.messages(SUPPORT):
        if time.monotonic() > deadline:
            raise RuntimeError("neither a Home nor a card was shown")
        await asyncio.sleep(0.05)


def _held(bot: BotProcess) -> float:
    return _megabytes(psutil.Process(bot.pid).memory_info().rss)


def _megabytes(bytes_: int) -> float:
    return bytes_ / 1_000_000


def _fill(url: str, many: int) -> None:
    """Create open cases with one message each from repeated batches of mentions.

    Their cards are posted already.
    """
    store = open_store(url)
    _receive_one_batch(store)
    with store.unit_of_work() as uow:
        authors = {post.author.id for post in posts(BATCH)}
        models = uow.cases.foldable(ACCOUNT.network, ACCOUNT.id, authors, since=BEGAN)
        said = {case.id: uow.messages.of_case(case.id)[0] for case in models}
    for first in range(0, many, BATCH):
        cases = [
            replace(
                model,
                author=replace(model.author, id=f"{first}-{model.author.id}"),
                card_channel=SUPPORT,
                card_ts=f"{first}.{model.id}",
            )
            for model in models
        ]
        with store.unit_of_work() as uow:
            added = uow.cases.add_many(cases)
            lines = [
                replace(said[model.id], case_id=case.id, external_id=f"{first}-{model.id}")
                for model, case in zip(models, added, strict=True)
            ]
            uow.messages.add_many(lines, network=ACCOUNT.network, account_id=ACCOUNT.id)
    store.close()


def _receive_one_batch(store: Store) -> None:
    made = posts(BATCH)
    with store.unit_of_work() as uow:
        ingest_posts(
            uow,
            account=ACCOUNT,
            profile=PROFILE,
            posts=made,
            stream=MENTIONS,
            newest_id=None,
            classifier=classifier(),
            now=BEGAN,
        )
