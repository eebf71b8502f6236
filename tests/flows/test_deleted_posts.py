"""Redact a post that its author deleted on X: in the database, the card and the thread."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers.intake.deletion_sweep import DELETIONS
from handlers.intake.stream_health import get_cursor
from sandbox.faults import Fault
from storage.tables import metadata
from tests.stories import ONCALL, PATIENCE, QUICK, SAM, SUPPORT, Story, chooses, details, running_story, shown

FIRST = "@acme the payment of my zebra costume failed twice"
TYPO = "@acme zebra costume order 4711 was never sendt"
MENDED = "@acme zebra costume order 4711 was never sent"
SECRET = "zebra"
GONE = "deleted by its author"


async def after_first_sweep(story: Story) -> Story:
    """Wait until the first deletion sweep is over (it finds nothing); the next one is an hour away."""
    bot = story.bot
    assert bot is not None
    assert bot.running is not None
    for _ in range(int(PATIENCE / 0.05)):
        if (
            await bot.desk.run(get_cursor, account=bot.running.networks["x"].account, stream=DELETIONS)
        ).read_at:
            return story
        await asyncio.sleep(0.05)
    raise AssertionError("the first turn never came")


@pytest.fixture
async def drafting(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A bot with a model, which quotes the post in its draft."""
    async with running_story(tmp_path, database_url, model=True) as story:
        yield await after_first_sweep(story)


@pytest.fixture
async def sweeping(story: Story) -> Story:
    """A bot without a model."""
    return await after_first_sweep(story)


@pytest.fixture
async def searching(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A bot that also searches."""
    async with running_story(
        tmp_path, database_url, choices=f'{QUICK}search_terms = ["acme app"]\n'
    ) as story:
        yield await after_first_sweep(story)


@pytest.fixture
async def without_sweep(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A bot whose deletion sweep is turned off."""
    async with running_story(tmp_path, database_url, choices=f"{QUICK}recheck_days = 0\n") as story:
        yield story


async def run_sweep(story: Story) -> int:
    """Run the hourly deletion sweep."""
    assert story.bot is not None
    assert story.bot.running is not None
    [sweep] = [timer for timer in story.bot.running.schedule.timers if "deleted posts" in timer.name]
    removed = await sweep.callback()
    assert isinstance(removed, int)
    return removed


def in_slack(story: Story) -> str:
    """Return all that any channel, thread or ephemeral shows."""
    slack = story.world.slack
    messages = [
        reply
        for channel in (SUPPORT, ONCALL)
        for message in slack.messages(channel)
        for reply in slack.thread(channel, message["ts"])
    ]
    return json.dumps([*messages, *slack.ephemerals(SAM)], ensure_ascii=False)


def in_database(story: Story) -> str:
    """Return every value of every column of every table."""
    assert story.bot is not None
    with story.bot.store.engine.connect() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return "\n".join(map(str, rows))


async def a_case_with_two_posts(story: Story) -> tuple[str, list[str]]:
    """Start a case of two posts, the second one edited; return the card's ts and the posts' ids."""
    first = story.customer_writes(FIRST)
    card = await story.card("failed twice")
    second = story.customer_writes(TYPO, lang="en")
    await story.thread_shows(card["ts"], "never sendt")
    story.world.x.edit(second, MENDED)
    await story.thread_shows(card["ts"], "before:")
    await story.card_shows(card["ts"], "never sent ")
    return str(card["ts"]), [first, second]


async def resolve(story: Story, card: dict[str, Any]) -> None:
    """Press Resolve in the card's menu."""
    await chooses(story, SAM, card["ts"], "Resolve")


def trail(story: Story) -> list[tuple[str, Any]]:
    """Return the actions of the audit trail with their times."""
    assert story.bot is not None
    audit = metadata.tables["audit"]
    with story.bot.store.engine.connect() as connection:
        rows = connection.execute(select(audit.c.action, audit.c.at).order_by(audit.c.id))
        return [(row.action, row.at) for row in rows]


async def test_nothing_is_left_of_what_a_customer_deleted(drafting: Story) -> None:
    story = drafting
    ts, posts = await a_case_with_two_posts(story)
    await story.card_shows(ts, "drafted by")
    assert SECRET in in_slack(story)
    assert SECRET in in_database(story)
    for post in posts:
        story.world.x.delete(post)
    assert await run_sweep(story) == 2
    await story.card_shows(ts, GONE)
    await story.card_shows(ts, "no post left to reply to")
    await story.until(lambda: SECRET not in in_slack(story), "a Slack without the text")
    assert SECRET not in in_database(story)
    await story.thread_shows(ts, "A post was deleted by its author")
    gone = [at for action, at in trail(story) if action == "post_gone"]
    assert len(gone) == 2
    assert all(at is not None for at in gone)
    assert await run_sweep(story) == 0
    card = story.card_at(ts)
    assert "Answer…" not in shown(card)
    assert "Claim" in shown(card)


async def test_an_older_post_is_answered_in_its_place(sweeping: Story) -> None:
    story = sweeping
    ts, [first, second] = await a_case_with_two_posts(story)
    story.world.x.delete(second)
    assert await run_sweep(story) == 1
    card = await story.card_shows(ts, "failed twice")
    assert "4711" not in shown(card)
    await story.answer(SAM, ts, "Hi, we look into the payment.")
    await story.card_shows(ts, "Sent")
    [sent] = [post for post in story.world.x.newest() if post.author is story.world.x.brand]
    assert sent.reply_to == first


async def test_a_post_that_x_finds_gone_when_it_is_answered_goes_at_once(sweeping: Story) -> None:
    story = sweeping
    post = story.customer_writes(FIRST)
    card = await story.card("failed twice")
    story.world.x.delete(post)
    await story.answer(SAM, card["ts"], "Hi, we look into it.")
    shows = await story.card_shows(card["ts"], GONE)
    assert "Not sent" in shown(shows)
    assert "Try again" not in shown(shows)
    await story.until(lambda: SECRET not in in_slack(story), "a Slack without the text")
    assert SECRET not in in_database(story)
    assert story.our_posts() == []


async def test_a_closed_case_forgets_as_well(sweeping: Story) -> None:
    story = sweeping
    post = story.customer_writes(FIRST)
    card = await story.card("failed twice")
    await resolve(story, card)
    await story.card_shows(card["ts"], "Resolved")
    story.world.x.delete(post)
    assert await run_sweep(story) == 1
    await story.card_shows(card["ts"], GONE)
    await story.until(lambda: SECRET not in in_slack(story), "a Slack without the text")


async def test_what_cannot_be_looked_up_is_left_and_looked_up_later(sweeping: Story) -> None:
    story = sweeping
    post = story.customer_writes(FIRST)
    card = await story.card("failed twice")
    story.world.x.delete(post)
    story.world.faults.add(Fault("x:GET /2/tweets", "status", status=503, body="<html>"))
    assert await run_sweep(story) == 0
    assert SECRET in shown(story.card_at(card["ts"]))
    assert await run_sweep(story) == 1
    await story.card_shows(card["ts"], GONE)


async def test_nobody_looks_where_that_is_switched_off(without_sweep: Story) -> None:
    bot = without_sweep.bot
    assert bot is not None
    assert bot.running is not None
    assert not any("deleted posts" in timer.name for timer in bot.running.schedule.timers)


async def test_a_search_hit_that_is_deleted_was_still_found_by_search(searching: Story) -> None:
    post_id = searching.customer_writes("the acme app is down again, great", who="grumbler")
    card = await searching.card("down again")
    searching.world.x.delete(post_id)
    assert await run_sweep(searching) == 1
    gone = await searching.card_shows(card["ts"], GONE)
    assert "it matched a search" in shown(await details(searching, gone["ts"]))
