"""SIGKILL in the middle of a flood: no second board, no second card, and no case without a place."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from sandbox.faults import Fault
from tests.crash.bot_database import BotDatabase
from tests.crash.scenario import MESSAGE
from tests.processes import bot_in_world
from tests.stories import SUPPORT, Story, shown

CROWD = 140
BOARD = "More posts than this channel can take"


@pytest.mark.crash
@pytest.mark.long(30)
@pytest.mark.timeout(480)
async def test_a_flood_that_is_cut_short_has_one_board_and_one_card_a_case(
    tmp_path: Path, database_url: str
) -> None:
    database = BotDatabase(database_url)
    async with bot_in_world(tmp_path, database_url) as (story, bot):
        await bot.start()
        slow = story.world.faults.add(Fault(MESSAGE, "slow", seconds=6))
        _write(story, 0, CROWD)
        await story.until(lambda: slow.times == 0, "the first post, which is the board or a card", seconds=60)
        for first in (CROWD, CROWD + 20):
            await bot.kill()
            _write(story, first, first + 20)
            await database.expire_leases()
            await bot.start()
            await asyncio.sleep(3)
        everybody = CROWD + 40
        await story.until(lambda: _stored(database) == everybody, "all posts", seconds=60)
        await story.until(lambda: not _waiting(database), "the cards that are given out", seconds=90)
        await bot.kill()
        shown_texts = [message.get("text", "") for message in story.world.slack.messages(SUPPORT)]
        boards = [one for one in story.world.slack.messages(SUPPORT) if BOARD in shown(one)]
        cards = Counter(text for text in shown_texts if "@crowd" in text)
        assert len(boards) == 1
        assert set(cards.values()) == {1}
        held = database.query("SELECT count(*) FROM held_cards")[0][0]
        assert len(cards) + held == everybody
        assert database.query("SELECT count(*) FROM floods WHERE ended_at IS NULL") == [(1,)]


def _write(story: Story, first: int, last: int) -> None:
    for number in range(first, last):
        story.customer_writes(f"@acme how do I change my address? (no. {number})", who=f"crowd{number}")


def _stored(database: BotDatabase) -> int:
    return int(database.query("SELECT count(*) FROM messages WHERE direction = 'in'")[0][0])


def _waiting(database: BotDatabase) -> int:
    kinds = {kind for kind, _ in database.unsettled()}
    return len(kinds & {"post_card", "post_flood_board"})
