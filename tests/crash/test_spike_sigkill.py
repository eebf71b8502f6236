"""Kill the bot between the detection of a spike and its alert: the alert comes once, for one spike."""

import asyncio
from pathlib import Path

import pytest

from sandbox.faults import Fault
from tests.crash.bot_database import BotDatabase
from tests.processes import bot_in_world
from tests.stories import ONCALL, shown

SPIKES = "SELECT id FROM spikes"
NEXT_LOOK = 4.0  # seconds


@pytest.mark.crash
@pytest.mark.long(15)
async def test_a_kill_between_detection_and_alert_doubles_nothing(tmp_path: Path, database_url: str) -> None:
    database = BotDatabase(database_url)
    async with bot_in_world(tmp_path, database_url) as (story, bot):
        # Each post is slow: the kill finds cards, and perhaps the alert, half posted.
        story.world.faults.add(Fault("slack:chat.postMessage", "slow", times=-1, seconds=0.5))
        await bot.start()
        for number in range(30):
            story.customer_writes(f"@acme payment failed, I cannot pay {number}", who=f"customer{number}")
        await story.until(lambda: database.query(SPIKES), "a spike", seconds=240)
        await bot.kill()
        story.world.faults.clear()
        await database.expire_leases()
        await bot.start()
        await story.card("people wrote about", channel=ONCALL)
        await asyncio.sleep(NEXT_LOOK)
        assert len(database.query(SPIKES)) == 1
        alerts = [one for one in story.world.slack.messages(ONCALL) if "people wrote about" in shown(one)]
        assert len(alerts) == 1
