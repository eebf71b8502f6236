"""Blur abuse where a desk or an agent chooses so, while everything but the letters shown stays as it was."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories import QUICK, SAM, SUPPORT, Story, details, running_story, shown

POST = "@acme You idiots, I was charged twice for one order!"
BLURRED = "You i•••••, I was charged twice"


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A desk that blurs abuse, on each database in turn."""
    choices = f"{QUICK}\n[cards]\nblur_abuse = true\n"
    async with running_story(tmp_path, database_url, choices=choices) as story:
        yield story


async def test_a_desk_blurs_abuse_on_cards_and_in_threads_and_the_need_is_shown(story: Story) -> None:
    post = story.customer_writes(POST)
    card = await story.card(BLURRED)
    assert "Cannot pay" in shown(card)
    story.world.x.edit(post, f"{POST} I want my money back")
    await story.card_shows(card["ts"], "money back")
    edit = await story.thread_shows(card["ts"], "edited a post")
    assert "(before: “@acme You i•••••, I" in shown(edit)
    posted = [*story.world.slack.messages(SUPPORT), *story.world.slack.thread(SUPPORT, card["ts"])]
    assert "idiots" not in str(posted)


async def test_what_is_found_and_read_is_as_it_was_written(story: Story) -> None:
    story.customer_writes(POST)
    card = await story.card(BLURRED)
    found = await story.world.slack.command(SAM, SUPPORT, "/mentions find idiots")
    assert "idiots" in shown(found.payload or {})
    assert "You idiots, I was charged twice" in shown(await details(story, card["ts"]))
