"""Customer and agent write concurrently: no line is lost or duplicated, each side's order is kept."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.mail.post_office import text_of
from tests.handoff_stories import (
    ANA,
    AT_ONCE,
    OFTEN,
    claimed,
    count_in_thread,
    customer_says,
    inbox,
    mail_with,
    mails,
    say,
    wait_until_delivered,
)
from tests.stories import SAM, SUPPORT, Story, running_story, shown

MANY = 8
#: Seconds between the customer's lines, so that they interleave with the agent's.
BETWEEN = 0.05
THEIRS = [f"theirs number {n} of many" for n in range(MANY)]
OURS = [f"ours number {n} of many" for n in range(MANY)]


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    async with running_story(tmp_path, database_url, choices=AT_ONCE, x_limits=OFTEN) as running:
        yield running


async def in_direct_messages(story: Story) -> str:
    """Start a case that Sam has claimed, its customer in direct messages; return the card's ts."""
    story.customer_writes("@acme the app eats my payment at once")
    ts = await claimed(story, "payment at once")
    customer_says(story, "It is me")
    await story.thread_shows(ts, "It is me")
    return ts


async def agent_writes(story: Story, ts: str) -> None:
    """Write Sam's lines without a pause; wait until all are marked as delivered."""
    said = [await say(story, ts, line) for line in OURS]
    for one in said:
        await wait_until_delivered(story, ts, one)


def numbered_lines(story: Story, ts: str, side: str) -> list[str]:
    """Return the lines of one side in the order of the thread, duplicates included."""
    return [
        found for line in thread_lines(story, ts) for found in re.findall(rf"{side} number \d of many", line)
    ]


def thread_lines(story: Story, ts: str) -> list[str]:
    """Return the text of the thread's messages; text for notifications alone is left out."""
    messages = story.world.slack.thread(SUPPORT, ts)[1:]
    return [shown({"blocks": m["blocks"]} if m.get("blocks") else m) for m in messages]


async def test_by_direct_message(story: Story) -> None:
    ts = await in_direct_messages(story)

    async def customer() -> None:
        for line in THEIRS:
            customer_says(story, line)
            await asyncio.sleep(BETWEEN)

    await asyncio.gather(customer(), agent_writes(story, ts))
    for line in THEIRS:
        await story.thread_shows(ts, line)
    assert numbered_lines(story, ts, "theirs") == THEIRS
    assert numbered_lines(story, ts, "ours") == OURS
    assert inbox(story) == OURS
    assert len(story.world.slack.messages(SUPPORT)) == 1


async def test_by_mail(story: Story) -> None:
    story.world.mail.write(ANA, "The app eats my payment by mail", name="Ana Ruiz", subject="Payment")
    ts = await claimed(story, "payment by mail")
    await wait_until_delivered(story, ts, await say(story, ts, "Which one?"))
    first = await mail_with(story, "Which one?")

    async def customer() -> None:
        for line in THEIRS:
            story.world.mail.write(ANA, line, answers=first)
            await asyncio.sleep(BETWEEN)

    await asyncio.gather(customer(), agent_writes(story, ts))
    for line in THEIRS:
        await story.thread_shows(ts, line)
    assert numbered_lines(story, ts, "theirs") == THEIRS
    assert numbered_lines(story, ts, "ours") == OURS
    assert [text_of(mail).splitlines()[0] for mail in mails(story)[1:]] == OURS
    assert len(story.world.slack.messages(SUPPORT)) == 1


async def test_the_private_form_comes_back_with_what_is_new_and_sends_it_when_it_is_sent_again(
    story: Story,
) -> None:
    slack, ts = story.world.slack, await in_direct_messages(story)
    await slack.press(SAM, SUPPORT, ts, "case.answer")
    form = await story.form(SAM)
    customer_says(story, "Wait, it works again")
    await story.thread_shows(ts, "it works again")
    await slack.submit(SAM, form["id"], {"private.text": "We are paying you back"})
    again = await story.form(SAM)
    assert "Wait, it works again" in shown(again)
    assert "We are paying you back" in shown(again)
    assert again["submit"]["text"] == "Send anyway"
    assert inbox(story) == []
    await slack.submit(SAM, again["id"], {"private.text": "Glad to hear it"})
    assert slack.open_view(SAM) is None
    await story.until(lambda: inbox(story), "the answer")
    await story.thread_shows(ts, "Glad to hear it")
    assert inbox(story) == ["Glad to hear it"]
    assert count_in_thread(story, ts, "We are paying you back") == 0
