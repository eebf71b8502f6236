"""Show the pictures of public posts, assess posts by their alt texts, and have them read by a model."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import Fault
from sandbox.x.direct import Media
from tests.flows.test_assistance import form_shows, press
from tests.flows.test_deleted_posts import after_first_sweep, in_database, in_slack, run_sweep
from tests.stories import PIXEL, SAM, Story, details, running_story, shown

ALT = "Checkout page: Payment failed, error 51, order 4471, 12:03"


def picture(story: Story, alt_text: str = "", kind: str = "photo") -> Media:
    return story.world.x.direct.add_media("a.png", "image/png", PIXEL, kind=kind, alt_text=alt_text)


def accessory(card: dict[str, Any]) -> dict[str, Any]:
    """Return the picture beside the card's first line."""
    found: dict[str, Any] = card["blocks"][0]["accessory"]
    return found


async def test_a_screenshots_alt_text_says_what_a_post_is_about(story: Story) -> None:
    media = [picture(story, ALT), picture(story), picture(story, kind="video")]
    story.customer_writes("@acme ???", media=media)
    card = await story.card("???")
    assert "Cannot pay" in shown(card)
    assert "“Checkout page: Payment failed, error 51, order 4471, 12:03” · +1 picture, +1 video" in shown(
        card
    )
    assert accessory(card)["image_url"].endswith(f"/{media[0].id}/a.png")
    assert accessory(card)["alt_text"] == ALT
    assert "t.co" not in shown(card)
    assert "/photo/1" not in shown(card)
    story.customer_writes("@acme anybody?")
    await story.thread_shows(card["ts"], "error 51, order 4471, 12:03” · +1 picture, +1 video")
    await story.card_shows(card["ts"], "anybody?")
    story.customer_writes("@acme ???", media=media)
    await story.card_shows(card["ts"], ALT)
    images = [b for b in (await details(story, card["ts"]))["blocks"] if b["type"] == "image"]
    assert [image["alt_text"] for image in images] == [ALT, "Picture by @anaruiz", "Video by @anaruiz"]


async def test_a_card_is_posted_where_its_picture_cannot_be_fetched(story: Story) -> None:
    story.world.faults.add(Fault("x:media", "status", status=500))
    story.customer_writes("@acme my parcel is late", media=[picture(story, "The door, and no parcel")])
    card = await story.card("parcel is late")
    assert "accessory" not in card["blocks"][0]
    assert "“The door, and no parcel”" in shown(card)
    assert "Picture not shown" in shown(card)
    story.world.faults.clear()
    await story.world.slack.press(SAM, "C0SUPPORT", card["ts"], "case.claim")
    changed = await story.card_shows(card["ts"], "*has it*")
    assert accessory(changed)["alt_text"] == "The door, and no parcel"


async def test_a_hostile_alt_text_is_shown_as_it_is(story: Story) -> None:
    hostile = "<!channel> <https://evil.example|your bank> " + "x" * 3000
    story.customer_writes("@acme look at that refund", media=[picture(story, hostile)])
    card = await story.card("look at that refund")
    assert "&lt;!channel&gt; &lt;https://evil.example|your bank&gt;" in shown(card)
    assert len(accessory(card)["alt_text"]) == 1000
    assert not story.world.ledger.of("slack", "ping")


async def test_nothing_is_left_of_the_pictures_of_a_deleted_post(story: Story) -> None:
    await after_first_sweep(story)
    media = picture(story, "my passport, number QX-7734")
    post = story.customer_writes("@acme where is my parcel?", media=[media])
    card = await story.card("where is my parcel")
    assert media.id in in_database(story)
    story.world.x.delete(post)
    assert await run_sweep(story) == 1
    await story.card_shows(card["ts"], "no post left to reply to")
    await story.until(lambda: "QX-7734" not in in_slack(story), "a Slack without the alt text")
    assert media.id not in in_slack(story)
    assert "QX-7734" not in in_database(story)
    assert media.id not in in_database(story)


async def test_a_posts_picture_is_read_when_an_agent_asks_for_it(tmp_path: Path, database_url: str) -> None:
    async with running_story(tmp_path, database_url, model=True) as story:
        story.customer_writes("@acme what is this?", media=[picture(story), picture(story, kind="video")])
        card = await story.card("what is this?")
        fetched = len(story.world.ledger.of("x", "fetch media"))
        assert "Read picture" in shown(await details(story, card["ts"]))
        await press(story, "case.read_pictures")
        view = await form_shows(story, "Picture read by a machine")
        assert "Error: E-4031" in shown(view)
        assert "4111" not in shown(view)
        asked = story.world.ledger.of("x", "fetch media")[fetched:]
        assert not any(entry.detail["signed"] for entry in asked)
        await story.thread_shows(card["ts"], "had a picture read by a machine")


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_a_picture_that_cannot_be_fetched_is_not_read(
    tmp_path: Path, database_url: str, status: int
) -> None:
    async with running_story(tmp_path, database_url, model=True) as story:
        story.customer_writes("@acme what is this?", media=[picture(story)])
        card = await story.card("what is this?")
        await details(story, card["ts"])
        story.world.faults.add(Fault("x:media", "status", times=-1, status=status))
        await press(story, "case.read_pictures")
        await form_shows(story, "was not done")
