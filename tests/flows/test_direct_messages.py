"""Hold a conversation in direct messages in both directions, and opt out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.x.messaging import SEND
from tests.stories import QUICK, SAM, SUPPORT, Story, running_story, shown

CHOICES = f"[dm]\npoll_seconds = 0.1\n\n{QUICK}"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    async with running_story(
        tmp_path, database_url, choices=CHOICES, x_limits={"GET /2/dm_events": 100_000}
    ) as running:
        yield running


def sent(story: Story) -> list[str]:
    """Return the direct messages that we sent."""
    return [entry.detail["text"] for entry in story.world.ledger.of("x", SEND)]


async def say(story: Story, ts: str, text: str) -> str:
    """Mention the bot in the card's thread; return the message's ts."""
    bot = story.world.slack.app.bot_user_id
    said = await story.world.slack.say(SAM, SUPPORT, f"<@{bot}> {text}", ts)
    return str(said["ts"])


async def test_there_and_back_with_a_picture_and_a_wish(story: Story) -> None:
    story.customer_writes("@acme my parcel arrived in pieces")
    ts = (await story.card("in pieces"))["ts"]
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    ana, direct = story.world.x.accounts.get("anaruiz"), story.world.x.direct
    direct.receive(ana, "Tom & I were <b>shocked</b>", direct.add_media("parcel.png", "image/png", PNG))
    await story.thread_shows(ts, "shocked")
    marked = await say(story, ts, "So sorry. A new one is on its way.")
    await story.until(lambda: sent(story), "the message")
    assert sent(story) == ["So sorry. A new one is on its way."]

    def is_marked() -> bool:
        message = next(m for m in story.world.slack.thread(SUPPORT, ts) if m["ts"] == marked)
        return any(one["name"] == "white_check_mark" for one in message.get("reactions", []))

    await story.until(is_marked, "the mark of delivery")
    direct.receive(ana, "STOP")
    await story.thread_shows(ts, "asked not to be written to")
    await say(story, ts, "One more thing")
    await story.until(lambda: "asked not to be written to" in story.ephemeral_text(SAM), "the refusal")
    direct.receive(ana, "Start")
    await story.thread_shows(ts, "written to in private again")
    await say(story, ts, "Good to hear from you")
    await story.until(lambda: len(sent(story)) == 2, "the second message")
    assert sent(story)[1] == "Good to hear from you"


async def test_somebody_who_writes_only_in_private_gets_a_card(story: Story) -> None:
    story.world.x.direct.receive(story.world.x.accounts.get("bo", "Bo"), "where is my order?")
    card = await story.card("where is my order?")
    assert "Answer…" in shown(card)
    assert "No reply can be sent" not in shown(card)


async def test_a_closed_inbox_is_said_on_the_card_and_the_link_is_offered_instead(story: Story) -> None:
    slack = story.world.slack
    story.customer_writes("@acme my parcel never came")
    ts = (await story.card("never came"))["ts"]
    await slack.press(SAM, SUPPORT, ts, "case.claim")
    ana, direct = story.world.x.accounts.get("anaruiz"), story.world.x.direct
    direct.receive(ana, "order 4711")
    await story.card_shows(ts, "arrived")
    ana.wrote_first = False
    await say(story, ts, "It is at your neighbour's")
    await story.card_shows(ts, "takes no direct messages from us")
    await story.card_shows(ts, "Offer another way…")
    await slack.press(SAM, SUPPORT, ts, "case.move")
    form = slack.open_view(SAM)
    assert form is not None, story.ephemeral_text(SAM)
    await slack.submit(SAM, form["id"])
    [line] = await story.until(story.our_posts, "the public line")
    assert "https://x.com/messages/compose?recipient_id=" in line
    direct.receive(ana, "Here I am again")
    await story.thread_shows(ts, "Here I am again")
    await say(story, ts, "It is at your neighbour's, really")
    await story.until(lambda: sent(story), "the message")
    assert sent(story) == ["It is at your neighbour's, really"]


async def test_none_is_asked_for_where_none_is_read(tmp_path: Path, fresh_sqlite: str) -> None:
    async with running_story(tmp_path, fresh_sqlite, choices=f"[dm]\nenabled = false\n\n{QUICK}") as story:
        story.customer_writes("@acme where is my refund? you said two weeks and it is six now")
        card = shown(await story.card("six now"))
        assert "Refund" in card
        assert "direct message" not in card
