"""Kill the bot before it has read its mailbox for the first time: no mail since its first start is lost."""

import asyncio
from pathlib import Path

import pytest

from sandbox.faults import Fault
from tests.processes import bot_in_world


@pytest.mark.crash
@pytest.mark.long(10)
@pytest.mark.parametrize("broken", ["slack:auth.test", "slack:apps.connections.open"])
async def test_mail_that_came_before_the_first_read_is_read_by_the_next_start(
    tmp_path: Path, database_url: str, broken: str
) -> None:
    async with bot_in_world(tmp_path, database_url) as (story, bot):
        story.world.mail.write("bo@example.com", "From before the first start")
        await asyncio.sleep(1.1)  # IMAP dates mails by the second
        story.world.faults.add(Fault(broken, "status", times=-1))
        await bot.spawn()
        await bot.wait_for_log("so the bot waits")
        story.world.mail.write("ana@example.com", "It ate my payment")
        await bot.kill()
        await asyncio.sleep(1.1)
        story.world.mail.write("cy@example.com", "Where is my parcel?")
        story.world.faults.clear()
        await bot.start()
        await story.card("ate my payment")
        await story.card("my parcel")
        assert story.find_card("before the first start") is None
