"""Delete the database's file under a running bot: it stops with a sentence, and nothing is lost."""

from pathlib import Path

import pytest

from tests.crash.bot_database import BotDatabase
from tests.processes import bot_in_world
from tests.stories import ONCALL


@pytest.mark.crash
@pytest.mark.long(10)
async def test_a_deleted_file_stops_the_bot_which_saves_what_it_held(tmp_path: Path) -> None:
    file = tmp_path / "switchboard.db"
    async with bot_in_world(tmp_path, f"sqlite:///{file}") as (story, bot):
        await bot.start()
        story.customer_writes("@acme it eats my payment")
        await story.card("eats my payment")
        file.unlink()
        assert await bot.wait_for_exit() == 2
        assert "The database's file was deleted while the bot used it" in bot.log
        assert "Traceback" not in bot.log
        [told] = [one for one in story.world.slack.messages(ONCALL) if "was deleted" in str(one)]
        assert "bot.py restore" in str(told)
        rescued = BotDatabase(f"sqlite:///{file}.rescued")
        assert rescued.query("SELECT count(*) FROM cases") == [(1,)]
        await bot.spawn()
        assert await bot.wait_for_exit() == 2
        assert "is empty or gone, and it was in use here before" in bot.log
