"""Kill the bot after *Share in channel* and *Send me the chart* were pressed: each comes, and comes once."""

from pathlib import Path
from typing import Any

import pytest

from adapters.slack.reports.ids import ReportAction
from sandbox.faults import Fault
from tests.crash.bot_database import BotDatabase
from tests.processes import bot_in_world
from tests.stories import SAM, SUPPORT, Story, shown

POST = "slack:chat.postMessage"


def shared(story: Story) -> list[str]:
    said = [shown(one) for one in story.world.slack.messages(SUPPORT)]
    return [text for text in said if "Shared by" in text]


def charts(story: Story) -> list[str]:
    posts = story.world.ledger.of("slack", "chat.postMessage")
    sent = [str(one) for one in posts if one.detail["channel"].startswith("D")]
    return [one for one in sent if "slack_file" in one]


def summary_of(story: Story) -> dict[str, Any] | None:
    found = story.world.slack.ephemerals(SAM, SUPPORT)
    return next((one for one in found if ReportAction.SHARE in str(one)), None)


@pytest.mark.crash
@pytest.mark.long(20)
@pytest.mark.timeout(300)
async def test_what_was_asked_for_before_a_kill_comes_once(tmp_path: Path, database_url: str) -> None:
    database = BotDatabase(database_url)
    async with bot_in_world(tmp_path, database_url) as (story, bot):
        await bot.start()
        slack = story.world.slack
        story.customer_writes("@acme third time the app eats my payment")
        await story.until(lambda: slack.messages(SUPPORT), "the card")
        await slack.command(SAM, SUPPORT, "/mentions summary today")
        summary = await story.until(lambda: summary_of(story), "the summary")
        # Their charts are being drawn when the bot dies.
        for button in (ReportAction.SHARE, ReportAction.CHART):
            assert (await slack.press(SAM, SUPPORT, summary["ts"], button)).answered
        await bot.kill()
        assert shared(story) == charts(story) == []
        await database.expire_leases()
        # It is posted, but Slack's answer is on the way when the bot dies again.
        story.world.faults.add(Fault(POST, "lost-after", times=2))
        await bot.start()
        await story.until(lambda: shared(story) and charts(story), "both")
        await bot.kill()
        await database.expire_leases()
        await bot.start()
        await story.until(lambda: not database.unsettled(), "rest", seconds=90)
        assert (len(shared(story)), len(charts(story))) == (1, 1)
