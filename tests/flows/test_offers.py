"""Remind of and expire offers that are not taken up; a new offer replaces an old one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from tests.crash.bot_database import BotDatabase
from tests.handoff_stories import (
    claimed,
    count_in_thread,
    direct_messages_to,
    handoff_form,
    history,
    offer,
    open_phone,
    refusal,
)
from tests.phone import KEYS
from tests.stories import SAM, SUPPORT, Story, running_story, shown

REMINDED = "is not taken up yet"
EXPIRED = "expired: nobody came"
TOLD_REMINDED = "Your offer to move is not taken up yet"
TOLD_EXPIRED = "Your offer to move expired, nobody came"


@dataclass
class OfferStory:
    """A story, and direct access to the bot's database."""

    story: Story
    database: BotDatabase

    async def set_past(self, column: str) -> None:
        """Set a moment of the offer to the past and restart the bot: its timers run at once on start."""
        await self.story.stop()
        behind = (datetime.now(UTC) - timedelta(seconds=1)).isoformat(timespec="microseconds")
        self.database.execute(f"UPDATE handoffs SET {column} = '{behind}' WHERE state = 'offered'")
        await self.story.start()

    def offers(self) -> list[str]:
        """Return the states of all hand-offs, oldest first."""
        return [state for (state,) in self.database.query("SELECT state FROM handoffs ORDER BY id")]


@pytest.fixture
async def offer_story(tmp_path: Path, database_url: str) -> AsyncIterator[OfferStory]:
    async with running_story(tmp_path, database_url) as story:
        yield OfferStory(story, BotDatabase(database_url))


async def links(story: Story, holds: str, many: int = 1) -> list[str]:
    """Wait for `many` links in our public posts and return them."""

    def found() -> list[str]:
        return [word for line in story.our_posts() for word in line.split() if holds in word]

    await story.until(lambda: len(found()) >= many, f"{many} public lines")
    return found()


async def test_the_timer_reminds_of_a_chat_once_and_then_ends_it_with_its_link(
    offer_story: OfferStory,
) -> None:
    story = offer_story.story
    story.customer_writes("@acme the app eats my payment, and nobody comes")
    ts = await claimed(story, "nobody comes")
    await offer(story, ts, "chat")
    [link] = await links(story, "/chat#")
    await offer_story.set_past("remind_at")
    await story.thread_shows(ts, REMINDED)
    await story.until(lambda: TOLD_REMINDED in direct_messages_to(story, SAM), "a word to Sam")
    await story.card_shows(ts, "not taken up yet · expires")
    assert offer_story.offers() == ["offered"]

    await offer_story.set_past("expires_at")
    await story.thread_shows(ts, EXPIRED)
    await story.until(lambda: TOLD_EXPIRED in direct_messages_to(story, SAM), "a word to Sam")
    await story.card_shows(ts, "The offer of live chat expired")
    assert offer_story.offers() == ["expired"]
    async with open_phone(link) as phone:
        assert await refusal(phone, next(KEYS)) == (403, "link_expired")

    await story.stop()
    await story.start()
    story.customer_writes("@acme something else", who="bo")
    await story.card("something else")
    assert (count_in_thread(story, ts, REMINDED), count_in_thread(story, ts, EXPIRED)) == (1, 1)
    told_sam = [
        shown(message) for message in story.world.slack.messages(story.world.slack.direct_message(SAM).id)
    ]
    for words in (TOLD_REMINDED, TOLD_EXPIRED):
        assert sum(words in message for message in told_sam) == 1
    assert "arrived" not in shown(story.card_at(ts))


async def test_an_expired_form_takes_no_address(offer_story: OfferStory) -> None:
    story = offer_story.story
    story.customer_writes("@acme the app eats my payment, and no mail comes")
    ts = await claimed(story, "no mail comes")
    await offer(story, ts, "email")
    [form] = await links(story, "/address/")
    await offer_story.set_past("expires_at")
    await story.card_shows(ts, "The offer of e-mail expired")
    async with (
        aiohttp.ClientSession() as browser,
        browser.post(form, data={"address": "ana@example.com", "agreed": "yes"}) as answer,
    ):
        assert answer.status == 410
        assert "you will get a new one" in await answer.text()
    assert count_in_thread(story, ts, REMINDED) == 0, "what is over is not reminded of"


async def test_a_new_offer_ends_the_old_one_and_its_link(offer_story: OfferStory) -> None:
    story = offer_story.story
    story.customer_writes("@acme the app eats my payment, and I wait")
    ts = await claimed(story, "and I wait")
    await offer(story, ts, "chat")
    [old] = await links(story, "/chat#")
    await story.card_shows(ts, "*Sent ")
    form = await handoff_form(story, ts, "chat")
    assert "The offer of live chat ends, and its link with it." in shown(form)
    await story.world.slack.submit(SAM, form["id"])
    assert story.world.slack.open_view(SAM) is None, shown(await story.form(SAM))
    _, new = await links(story, "/chat#", 2)
    assert new != old
    assert offer_story.offers() == ["replaced", "offered"]
    async with open_phone(old) as phone:
        assert await refusal(phone, next(KEYS)) == (403, "link_ended")
    assert "arrived" not in shown(story.card_at(ts))
    async with open_phone(new) as phone:
        await phone.open()
        await story.card_shows(ts, "Live chat: arrived")
        assert (await history(phone))["state"]["is_open"] is True
    assert len(story.world.slack.messages(SUPPORT)) == 1


async def test_the_timer_comes_round_by_itself(offer_story: OfferStory) -> None:
    story = offer_story.story
    story.customer_writes("@acme the app eats my payment, minute by minute")
    ts = await claimed(story, "minute by minute")
    await offer(story, ts, "chat")
    await links(story, "/chat#")
    behind = (datetime.now(UTC) - timedelta(seconds=1)).isoformat(timespec="microseconds")
    offer_story.database.execute(f"UPDATE handoffs SET expires_at = '{behind}'")
    await story.until(lambda: count_in_thread(story, ts, EXPIRED) == 1, "the timer's own turn", seconds=120)
    assert offer_story.offers() == ["expired"]
