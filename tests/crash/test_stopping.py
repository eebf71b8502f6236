"""Shutdown, and startup errors: clear messages, no changes to data."""

import asyncio
import os
import random
import signal
import socket
import time
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from handlers.delivery.loop import STOP_TIMEOUT
from sandbox.faults import Fault
from storage.schema import HEAD, migrate
from tests.crash.bot_database import BotDatabase
from tests.processes import BOT, bot_in_world, command
from tests.stories import SAM, SUPPORT, Story

REPLY = "x:POST /2/tweets"
SLOW_TESTS = 480  # seconds; each start of the bot costs two on an idle machine, and many more on a busy one
REQUIRED = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "X_CONSUMER_KEY",
    "X_CONSUMER_SECRET",
    "X_ACCESS_TOKEN",
    "X_ACCESS_TOKEN_SECRET",
)
ANSWER = "Hi Ana, we are sorry. We are looking into it right now."
SILENT = "[intake]\npoll_seconds = 3600\n"

pytestmark = [pytest.mark.long(10), pytest.mark.timeout(SLOW_TESTS)]


async def wait_for_card(story: Story) -> str:
    """Wait for the card of a new mention; returns its ts."""
    story.customer_writes("@acme the app eats my payment")
    card = await story.until(lambda: story.find_card("eats my payment"), "the card", seconds=60)
    return str(card["ts"])


async def answer_mention(story: Story) -> str:
    """Answer a new mention as Sam; returns the ts of its card."""
    ts = await wait_for_card(story)
    ack = await story.answer(SAM, ts, ANSWER)
    assert ack.answered
    return ts


async def wait_until_used(story: Story, fault: Fault) -> None:
    """Wait until a call has used the fault."""
    await story.until(lambda: fault.times == 0, "the call to X", seconds=60)


async def wait_for_text(story: Story, ts: str, words: str) -> None:
    """Wait for text on a card, with the timeout of a bot that starts on a busy machine."""
    await story.until(lambda: words in str(story.card_at(ts)), words, seconds=90)


async def test_a_reply_under_way_is_finished_before_the_end(tmp_path: Path, database_url: str) -> None:
    async with bot_in_world(tmp_path, database_url) as (story, bot):
        await bot.start()
        slow = story.world.faults.add(Fault(REPLY, "slow", seconds=2))
        ts = await answer_mention(story)
        await wait_until_used(story, slow)
        assert await bot.terminate() == 0
        assert story.our_posts() == [ANSWER]
        assert BotDatabase(database_url).query("SELECT delivery FROM messages WHERE direction = 'out'") == [
            ("sent",)
        ]
        await bot.start()
        await wait_for_text(story, ts, "*Sent ")
        assert story.our_posts() == [ANSWER]


@pytest.mark.long(22)
async def test_a_reply_that_takes_too_long_is_unsure_at_the_end_and_found_after_the_next_start(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'switchboard.db'}"
    async with bot_in_world(tmp_path, url) as (story, bot):
        await bot.start()
        # Twice as long as a stop waits for what is under way.
        slow = story.world.faults.add(Fault(REPLY, "slow", seconds=2 * STOP_TIMEOUT))
        ts = await answer_mention(story)
        await wait_until_used(story, slow)
        assert await bot.terminate() == 0
        assert story.our_posts() == []
        assert BotDatabase(url).query("SELECT delivery FROM messages WHERE direction = 'out'") == [
            ("unsure",)
        ]
        await bot.start()
        await wait_for_text(story, ts, "*Sent ")
        assert story.our_posts() == [ANSWER]


@pytest.mark.long(18)
async def test_a_restart_picks_up_what_is_queued(tmp_path: Path, database_url: str) -> None:
    async with bot_in_world(tmp_path, database_url) as (story, bot):
        await bot.start()
        ts = await wait_for_card(story)
        # Later than a busy machine takes for the answer and the stop.
        until = {"x-rate-limit-reset": str(int(time.time()) + 16)}
        busy = story.world.faults.add(Fault(REPLY, "status", status=429, body="{}", headers=until))
        assert (await story.answer(SAM, ts, ANSWER)).answered
        await wait_until_used(story, busy)
        assert await bot.terminate() == 0
        assert story.our_posts() == []
        story.customer_writes("@acme and nobody answers", who="benwu")
        await bot.start()
        await wait_for_text(story, ts, "*Sent ")
        assert story.our_posts() == [ANSWER]
        await story.until(lambda: story.find_card("nobody answers"), "the new card", seconds=60)


async def test_it_stops_while_it_waits_for_a_network(tmp_path: Path) -> None:
    async with bot_in_world(tmp_path, f"sqlite:///{tmp_path / 'switchboard.db'}") as (story, bot):
        story.world.faults.add(Fault("x:GET /2/users/me", "status", times=-1, status=503, body="<html>"))
        await bot.spawn()
        await bot.wait_for_log("X cannot be reached, so the bot waits")
        assert await bot.terminate() == 0
        assert "Traceback" not in bot.log


@pytest.mark.long(8)
async def test_a_second_bot_on_the_same_file_does_not_start_and_touches_nothing(tmp_path: Path) -> None:
    file = tmp_path / "switchboard.db"
    async with bot_in_world(tmp_path, f"sqlite:///{file}", choices=SILENT) as (story, bot):
        await bot.start()
        database = BotDatabase(story.environment["DATABASE_URL"])
        await story.until(
            lambda: database.query("SELECT 1 FROM cursors WHERE read_at > '2000'"), "the first reading"
        )
        # The one that runs writes now and then: frozen, it keeps the file, and writes nothing.
        bot.signal(signal.SIGSTOP)
        await asyncio.sleep(0.5)  # the world records what the bot has already asked for
        acts, stored = len(story.world.ledger.entries), hashes(file)
        code, said = await command(tmp_path, story.environment, "run")
        assert code == 2
        assert f"{file} is in use by another process (number {bot.pid})" in said
        assert "Stop the other one, or set DATABASE_URL to a PostgreSQL database" in said
        assert "Traceback" not in said
        code, said = await command(tmp_path, story.environment, "migrate")
        assert code == 2
        assert "in use by another process" in said
        assert (len(story.world.ledger.entries), hashes(file)) == (acts, stored)
        bot.signal(signal.SIGCONT)
        # Its health is by what it did last: after a long stop it first has to read, and to hear from Slack.
        async with asyncio.timeout(60):
            while not (await bot.health())["ok"]:  # noqa: ASYNC110 - the bot is another process
                await asyncio.sleep(0.2)


def hashes(file: Path) -> list[str]:
    """Return the SHA-256 of the database file and its write-ahead log."""
    files = (file, file.with_name(f"{file.name}-wal"))
    return [sha256(one.read_bytes()).hexdigest() for one in files]


async def test_a_database_at_an_older_revision_is_refused_with_the_words_to_migrate(
    tmp_path: Path, empty_url: str
) -> None:
    migrate(empty_url)
    database = BotDatabase(empty_url)
    database.execute("UPDATE alembic_version SET version_num = '0000'")
    async with bot_in_world(tmp_path, empty_url) as (story, _bot):
        code, said = await command(tmp_path, story.environment, "run")
        assert code == 2
        assert f"The database is at revision 0000, and this version of the bot needs {HEAD}." in said
        assert "Make a backup, then run `python bot.py migrate`." in said
        assert "Traceback" not in said
        assert story.world.ledger.entries == []
    assert database.query("SELECT version_num FROM alembic_version") == [("0000",)]


async def test_without_settings_every_missing_name_is_said_at_once(tmp_path: Path) -> None:
    code, said = await command(tmp_path, {}, "run")
    assert code == 2
    assert [name for name in REQUIRED if name not in said] == []
    assert "Connect a real workspace" in said
    assert "Connect a real workspace" in BOT.with_name("README.md").read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - no pathlib where other tasks wait


async def test_a_port_that_is_taken_is_said_with_the_setting_to_change(tmp_path: Path) -> None:
    async with bot_in_world(tmp_path, f"sqlite:///{tmp_path / 'switchboard.db'}") as (story, _bot):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            code, said = await command(tmp_path, {**story.environment, "HTTP_PORT": port}, "run")
        assert code == 2
        assert "Address already in use" in said
        assert "Set HTTP_PORT to a free port" in said
        assert "Traceback" not in said
        assert story.world.slack.sockets.connections == []


async def test_killed_during_its_first_migration_it_starts_again(tmp_path: Path, empty_url: str) -> None:
    rng = random.Random(1)
    async with bot_in_world(tmp_path, empty_url) as (story, bot):
        for _ in range(3):
            await bot.spawn()
            await story.until(
                lambda: is_touched(empty_url) or not bot.is_running, "the migration", seconds=60
            )
            assert bot.is_running, bot.log
            await story.until(lambda: rng.random() < 0.1, "a random moment")
            await bot.kill()
        await bot.start()
        assert BotDatabase(empty_url).query("SELECT version_num FROM alembic_version") == [(HEAD,)]
        story.customer_writes("@acme hello")
        await story.until(lambda: story.find_card("hello", SUPPORT), "the card", seconds=60)


def is_touched(url: str) -> bool:
    """Test whether the SQLite file exists, or another client is connected to PostgreSQL."""
    if url.startswith("sqlite"):
        return Path(url.removeprefix("sqlite:///")).exists()
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return found.fetchone() != (0,)
