"""Blur abuse where a desk or an agent chooses so, while everything but the letters shown stays as it was."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.slack.delivery import Ack
from tests.stories import MIA, QUICK, SAM, SUPPORT, Story, chooses, details, running_story, shown

POST = "@acme You idiots, I was charged twice for one order!"
BLURRED = "You i•••••, I was charged twice"


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A desk that blurs abuse, on each database in turn."""
    choices = f"{QUICK}\n[cards]\nblur_abuse = true\n"
    async with running_story(tmp_path, database_url, choices=choices) as story:
        yield story


async def home_shows(story: Story, user: str, words: str) -> None:
    """Wait until the person's App Home shows these words."""
    await story.until(lambda: words in shown(story.world.slack.home(user) or {}), f"{words!r} in Home")


def found_words(ack: Ack) -> str:
    """Return what a search shows."""
    return shown(ack.payload or {})


async def press_blur(story: Story) -> None:
    """Press Blur abuse or Show abuse as Sam."""
    home = story.world.slack.home(SAM)
    assert home is not None
    await story.world.slack.press_in_view(SAM, home["id"], "home.blur_abuse")


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


async def test_details_show_what_was_written_behind_a_button(story: Story) -> None:
    story.customer_writes(POST)
    card = await story.card(BLURRED)
    shown_first = await details(story, card["ts"])
    assert BLURRED in shown(shown_first)
    await story.world.slack.press_in_view(SAM, shown_first["id"], "message.original")
    written = story.world.slack.open_view(SAM) or {}
    assert written["title"]["text"] == "Original message"
    assert "You idiots, I was charged twice" in shown(written)


async def test_an_agent_chooses_for_what_they_alone_see(story: Story) -> None:
    story.customer_writes(POST)
    card = await story.card(BLURRED)
    story.world.slack.open_home(SAM)
    await home_shows(story, SAM, BLURRED)
    await press_blur(story)
    await home_shows(story, SAM, "You idiots, I was")
    assert "You idiots, I was" in shown(await details(story, card["ts"], SAM))
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.answer")
    assert "You idiots, I was" in shown(await story.form(SAM))
    found = await story.world.slack.command(SAM, SUPPORT, "/mentions find idiots")
    assert "You  idiots , I was" in found_words(found)
    await story.world.slack.press(MIA, SUPPORT, card["ts"], "case.answer")
    assert BLURRED in shown(await story.form(MIA))
    story.world.slack.open_home(MIA)
    await home_shows(story, MIA, BLURRED)
    found = await story.world.slack.command(MIA, SUPPORT, "/mentions find idiots")
    assert "You  i••••• , I was" in found_words(found)
    assert BLURRED in shown(story.card_at(card["ts"])), "the card is everybody's"


async def test_an_agent_of_a_desk_that_blurs_nothing_chooses_to_have_it_blurred(
    tmp_path: Path, database_url: str
) -> None:
    async with running_story(tmp_path, database_url) as story:
        story.customer_writes(POST)
        card = await story.card("You idiots, I was")
        story.world.slack.open_home(SAM)
        await home_shows(story, SAM, "Blur abuse")
        await press_blur(story)
        await home_shows(story, SAM, "Show abuse")
        await home_shows(story, SAM, BLURRED)
        await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.answer")
        assert BLURRED in shown(await story.form(SAM))
        assert "You idiots, I was" in shown(story.card_at(card["ts"]))
        assert "You idiots, I was" in shown(await details(story, card["ts"], MIA))


async def test_what_was_taught_is_shown_as_its_reader_chose(story: Story) -> None:
    story.customer_writes(POST)
    card = await story.card(BLURRED)
    await chooses(story, SAM, card["ts"], "Not a request")
    await story.card_shows(card["ts"], "Not a request")
    await story.world.slack.command(SAM, SUPPORT, "/mentions words")
    assert BLURRED in shown(await story.form(SAM))
    story.world.slack.open_home(MIA)
    await home_shows(story, MIA, "Show abuse")
    home = story.world.slack.home(MIA) or {}
    await story.world.slack.press_in_view(MIA, home["id"], "home.blur_abuse")
    await story.world.slack.command(MIA, SUPPORT, "/mentions words")
    assert "You idiots, I was" in shown(await story.form(MIA))
