"""Erase a customer by the terminal while the bot runs: nothing of them is left in Slack or the database."""

import argparse
import asyncio
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.records.audit import Action
from handlers.records.chain import chain_entries, verify_chain
from handlers.terminal.customers import run_customer
from tests.flows.test_deleted_posts import in_database, in_slack, trail
from tests.storage.outboxes import OutboxCalls
from tests.stories import MIA, PIXEL, QUICK, SAM, SUPPORT, Story, running_story

OFTEN = {"GET /2/dm_events": 100_000, "GET /2/users/:id/mentions": 100_000}
DIRECT = f"{QUICK}\n[dm]\npoll_seconds = 0.1\n"
MARKS = ("quagga", "anaruiz")


@pytest.fixture
async def desk(tmp_path: Path, fresh_sqlite: str) -> AsyncIterator[Story]:
    """A bot on SQLite that reads direct messages quickly."""
    async with running_story(tmp_path, fresh_sqlite, choices=DIRECT, x_limits=OFTEN) as story:
        (story.folder / ".env").write_text(f"DATABASE_URL={fresh_sqlite}\n", encoding="utf-8")
        yield story


async def customer(story: Story, act: str, *arguments: Path) -> list[str]:
    """Run `bot.py customer` beside the bot."""
    file = arguments[0] if arguments else None
    options = argparse.Namespace(folder=story.folder, act=act, name="x:anaruiz", file=file, yes=True)
    assert story.bot is not None
    return await asyncio.to_thread(run_customer, options, story.bot.clock.now())


def everywhere_in_slack(story: Story) -> str:
    """Return all that channels, threads, ephemerals and direct messages show, and the names of all files."""
    slack = story.world.slack
    direct = [slack.messages(slack.direct_message(user).id) for user in (SAM, MIA)]
    files = [(file.name, file.title) for file in slack.files.files.values()]
    return (in_slack(story) + json.dumps([direct, files], ensure_ascii=False)).casefold()


def is_at_rest(story: Story) -> bool:
    """Return whether nothing waits to be sent, and nothing is being sent."""
    assert story.bot is not None
    return OutboxCalls(story.bot.store).counts().keys().isdisjoint({"queued", "sending"})


async def test_nothing_of_an_erased_customer_is_left(desk: Story, tmp_path: Path) -> None:
    story, network = desk, desk.world.x
    ana = network.accounts.get("anaruiz", "Ana Ruiz")
    story.customer_writes("@acme the app eats my quagga payment, 4711")
    ts = (await story.card("quagga payment"))["ts"]
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.answer(SAM, ts, "We look into your quagga, @anaruiz.")
    await story.card_shows(ts, "Sent")
    screen = network.direct.add_media("screen.png", "image/png", PIXEL)
    network.direct.receive(ana, "here is my quagga invoice", screen)
    await story.thread_shows(ts, "quagga invoice")
    await story.until(
        lambda: [m for m in story.world.slack.thread(SUPPORT, ts) if m.get("files")], "the file in the thread"
    )
    assert all(mark in everywhere_in_slack(story) for mark in MARKS)
    [written] = await customer(story, "export", tmp_path / "ana.zip")
    assert "messages 3" in written
    with zipfile.ZipFile(tmp_path / "ana.zip") as archive:
        [picture] = [name for name in archive.namelist() if name.startswith("files/")]
        assert archive.read(picture) == PIXEL
        assert "quagga invoice" in archive.read("data.json").decode()
    await story.until(lambda: is_at_rest(story), "rest: nothing is erased while something is sent")
    *_, done = await customer(story, "erase")
    assert "messages 3, files 1, cases 1" in done
    await story.card_shows(ts, "Erased customer")
    await story.until(
        lambda: not any(mark in everywhere_in_slack(story) for mark in MARKS), "a Slack without them"
    )
    stored = in_database(story).casefold()
    assert [mark for mark in MARKS if mark in stored] == []
    await story.until(
        lambda: not [m for m in story.world.slack.thread(SUPPORT, ts) if m.get("files")], "no file in Slack"
    )
    assert not story.world.slack.files.files
    assert [action for action, _ in trail(story)].count(Action.CUSTOMER_ERASED) == 2
    assert story.bot is not None
    while await story.bot.desk.run(chain_entries):
        pass
    assert verify_chain(story.bot.store)[0].fault is None
    story.customer_writes("@acme hello again")
    assert (await story.card("hello again"))["ts"] != ts
