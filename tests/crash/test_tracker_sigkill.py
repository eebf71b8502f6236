"""Kill the bot while a tracker creates an issue: it is created once, and its case knows of it."""

from pathlib import Path

import pytest

from sandbox.faults import Fault
from tests.crash.bot_database import BotDatabase
from tests.processes import bot_in_world
from tests.stories import SAM, details

CREATE = "github:POST /repos/{repo}/issues"


@pytest.mark.crash
@pytest.mark.long(15)
async def test_a_kill_while_an_issue_is_created_loses_and_doubles_nothing(
    tmp_path: Path, database_url: str
) -> None:
    database = BotDatabase(database_url)
    async with bot_in_world(tmp_path, database_url) as (story, bot):
        await bot.start()
        story.customer_writes("@acme it eats my payment")
        ts = str((await story.card("eats my payment"))["ts"])
        slack, board = story.world.slack, story.world.trackers["github"]
        # The issue is created, but its answer is on the way when the bot dies.
        lost = story.world.faults.add(Fault(CREATE, "lost-after"))
        found = await details(story, ts)
        await slack.press_in_view(SAM, found["id"], "issue.create")
        form = slack.open_view(SAM) or {}
        await slack.submit(
            SAM, form["id"], {"issue.where": "github acme/app", "issue.title": "It eats payments"}
        )
        await story.until(lambda: board.issues, "the issue")
        await bot.kill()
        await database.expire_leases()
        await bot.start()
        await story.thread_shows(ts, "created the issue <")
        assert (len(board.issues), lost.times) == (1, 0)
