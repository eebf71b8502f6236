"""Kill the bot in the middle of a rehearsal: it goes on, and no post of it has a second card."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from sandbox.faults import Fault
from tests.crash.scenario import MESSAGE
from tests.flows.outages import ONCALL
from tests.processes import bot_in_world
from tests.stories import KAI, QUICK, Story, shown

DRILL = "C0DRILL"
CHOICES = QUICK + '\n[slack]\nrehearsal_channel = "#rehearsal"\n'
#: A post a second.
FAST = {"rehearsal.posts": "300", "rehearsal.minutes": "5"}


@pytest.mark.crash
@pytest.mark.long(13)
async def test_a_rehearsal_goes_on_after_a_kill_and_doubles_nothing(
    tmp_path: Path, fresh_sqlite: str
) -> None:
    async with bot_in_world(tmp_path, fresh_sqlite, choices=CHOICES) as (story, bot):
        await bot.start()
        await story.world.slack.command(KAI, ONCALL, "/outage rehearse")
        form = await story.form(KAI)
        await story.world.slack.submit(KAI, form["id"], FAST)
        await story.until(lambda: len(cards(story)) >= 2, "the first cards")
        slow = story.world.faults.add(Fault(MESSAGE, "slow", seconds=3))
        await story.until(lambda: slow.times == 0, "a card that is half posted")
        await bot.kill()
        before = len(cards(story))
        await bot.start()
        await story.until(lambda: len(cards(story)) >= before + 3, "further cards")
        await story.world.slack.command(KAI, ONCALL, "/outage rehearse stop")
        await story.card("REHEARSAL ended", channel=DRILL)
        await asyncio.sleep(1)
        assert set(Counter(cards(story)).values()) == {1}
        told = [shown(one) for one in story.world.slack.messages(DRILL)]
        assert sum("REHEARSAL begins" in text for text in told) == 1
        assert sum("REHEARSAL ended" in text for text in told) == 1
        assert story.our_posts() == []


def cards(story: Story) -> list[str]:
    """Return the notifications of the cards, each of which names another author."""
    messages = story.world.slack.messages(DRILL)
    return [one["text"] for one in messages if "nothing is sent" in shown(one)]
