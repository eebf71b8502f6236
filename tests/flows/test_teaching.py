"""Correct a card, have the bot learn it, and see the next mention read right, with the real encoder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories import MIA, SAM, SUPPORT, Story, details, running_story, shown

HIGH = "🟠"
READING = "[intake]\npoll_seconds = 0.2\n"
WRONG = "@acme the hatch at elm street won't give me my stuff"
NEXT = "@acme hatch at oak street won't give me my stuff"


@pytest.fixture
async def reading(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A story whose bot reads with the encoder."""
    async with running_story(tmp_path, database_url, choices=READING) as story:
        yield story


async def correct(story: Story, ts: str, user: str = SAM) -> None:
    """Say by the form in Details that the card is about an urgent delivery."""
    opened = await details(story, ts, user)
    await story.world.slack.press_in_view(user, opened["id"], "case.correct")
    form = story.world.slack.open_view(user) or {}
    assert form["callback_id"] == "correction"
    chosen = {"correction.situation": "delivery", "correction.urgency": "high", "correction.request": "yes"}
    await story.world.slack.submit(user, form["id"], chosen)


async def taught(story: Story, words: str, user: str = MIA) -> dict[str, object]:
    """Wait until the open modal of what was taught shows these words."""
    return await story.until(
        lambda: view if words in shown(view := story.world.slack.open_view(user) or {}) else None,
        f"{words!r} in what was taught, which shows {shown(story.world.slack.open_view(user) or {})}",
    )


@pytest.mark.long(8)
async def test_a_corrected_card_teaches_how_the_next_mention_is_read(reading: Story) -> None:
    story = reading
    story.customer_writes(WRONG)
    ts = str((await story.card("hatch at elm"))["ts"])
    assert "Delivery" not in shown(story.card_at(ts))
    assert HIGH not in shown(story.card_at(ts))
    await correct(story, ts)
    await story.card_shows(ts, "Delivery")
    await story.card_shows(ts, HIGH)
    await story.thread_shows(ts, "U0SAM> said it is about: *Delivery*, High")
    await story.world.slack.command(MIA, SUPPORT, "/mentions words")
    view = await taught(story, "the hatch at elm street")
    assert "<@U0SAM> (1)" in shown(view)
    await story.world.slack.press_in_view(MIA, str(view["id"]), "taught.learn")
    await taught(story, "*Learnt* from 1 example")
    story.customer_writes(NEXT, who="kenji_w")
    card = await story.card("hatch at oak")
    assert "Delivery" in shown(card)
    assert HIGH in shown(card)
    await story.stop()
    await story.start()
    story.customer_writes("@acme the hatch at hill road won't give me my stuff", who="lena_b")
    assert "Delivery" in shown(await story.card("hatch at hill road"))


@pytest.mark.long(8)
async def test_what_is_forgotten_is_read_as_before(reading: Story) -> None:
    story = reading
    story.customer_writes(WRONG)
    ts = str((await story.card("hatch at elm"))["ts"])
    await correct(story, ts)
    await story.card_shows(ts, "Delivery")
    await story.world.slack.command(MIA, SUPPORT, "/mentions words")
    view = await taught(story, "the hatch at elm street")
    await story.world.slack.press_in_view(MIA, str(view["id"]), "taught.learn")
    await taught(story, "*Learnt* from 1 example")
    await story.world.slack.press_in_view(MIA, str(view["id"]), "taught.forget")
    await taught(story, "*Everything was forgotten*")
    story.customer_writes(NEXT, who="kenji_w")
    assert "Delivery" not in shown(await story.card("hatch at oak"))
    assert "Delivery" in shown(story.card_at(ts))
