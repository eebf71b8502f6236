"""SIGKILL in the middle of a bulk answer: each customer is answered exactly once, counted at X."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.manifest import manifest
from sandbox.faults import Fault
from tests.crash.bot_database import BotDatabase
from tests.crash.scenario import REPLY
from tests.processes import bot_in_world
from tests.stories import KAI, ONCALL, QUICK, RUTH, Story

CROWD = 8
KILLS = 3
SLOW = 1.0  # seconds; shorter than from one answer to the next
HELD_FOR = 6.0  # seconds, in which several answers would leave
SETTINGS = QUICK + (
    '\n[outages]\napproval = false\n\n[[outages.components]]\nname = "Payments"\nwords = ["paying", "card"]\n'
)
_UNSETTLED = (
    "SELECT count(*) FROM outbox WHERE kind IN ('answer_linked_case', 'send_linked_answer') "
    "AND settled_at IS NULL "
)
OPEN = f"{_UNSETTLED} AND due_at IS NOT NULL"
LEFT_TO_A_PERSON = f"{_UNSETTLED} AND due_at IS NULL"
FORM = {
    "outage.title": "Payments fail",
    "outage.problem.0.en": "Paying by card fails for everyone.",
    "outage.components": ["Payments"],
    "outage.severity": "critical",
    "outage.due": "30",
    "outage.destinations": ["feed"],
}


@pytest.mark.crash
@pytest.mark.long(20)
@pytest.mark.timeout(480)
async def test_each_customer_of_a_bulk_answer_is_answered_once(tmp_path: Path, database_url: str) -> None:
    database = BotDatabase(database_url)
    async with bot_in_world(tmp_path, database_url, choices=SETTINGS) as (story, bot):
        story.world.slack.install(manifest(socket_mode=True))
        story.world.slack.join(RUTH, ONCALL)
        await bot.start()
        asked = await _start_answering(story)
        for _ in range(KILLS):
            slow = story.world.faults.add(Fault(REPLY, "slow", seconds=SLOW))
            await story.until(lambda slow=slow: not slow.times, "an answer on its way")  # type: ignore[misc]
            await asyncio.sleep(SLOW / 2)
            await bot.kill()
            await database.expire_leases()
            await bot.start()
        await story.until(lambda: not _open(database), "every answer", seconds=240)
        await bot.kill()
        _each_is_answered_once(story, database, asked)


@pytest.mark.crash
@pytest.mark.long(20)
@pytest.mark.timeout(480)
async def test_one_that_is_paused_in_its_middle_stays_paused_and_goes_on(
    tmp_path: Path, database_url: str
) -> None:
    database = BotDatabase(database_url)
    async with bot_in_world(tmp_path, database_url, choices=SETTINGS) as (story, bot):
        slack = story.world.slack
        slack.install(manifest(socket_mode=True))
        slack.join(RUTH, ONCALL)
        await bot.start()
        asked = await _start_answering(story)
        slow = story.world.faults.add(Fault(REPLY, "slow", seconds=SLOW))
        await story.until(lambda: not slow.times, "an answer on its way")
        board = await story.card(f"*{CROWD} linked cases*", channel=ONCALL)
        await slack.press(KAI, ONCALL, board["ts"], "outage.pause")
        await _submit(story, "outage_pause")
        await bot.kill()
        await database.expire_leases()
        await bot.start()
        await asyncio.sleep(HELD_FOR)
        sent = len(story.our_posts())
        assert sent < CROWD
        await asyncio.sleep(HELD_FOR)
        assert len(story.our_posts()) == sent, "nothing leaves while all sending is paused"
        board = await story.card("All sending is paused", channel=ONCALL)
        await slack.press(KAI, ONCALL, board["ts"], "outage.resume")
        await story.until(lambda: not _open(database), "every answer", seconds=240)
        await bot.kill()
        _each_is_answered_once(story, database, asked)


def _each_is_answered_once(story: Story, database: BotDatabase, asked: Collection[str]) -> None:
    ours = [post for post in story.world.x.posts.values() if post.author is story.world.x.brand]
    answered = Counter(post.reply_to for post in ours)
    assert max(answered.values()) == 1
    # What a kill kept from X is left to a person: X lists a post late, so it might still appear.
    left = database.query(LEFT_TO_A_PERSON)[0][0]
    assert len(set(asked) - answered.keys()) == left
    assert answered.keys() <= set(asked)
    texts = story.our_posts()
    assert len(set(texts)) == len(texts)
    states = database.query("SELECT state, count(*) FROM bulk_answer_rows GROUP BY state")
    assert states == [("queued", CROWD)]
    assert left or database.query("SELECT state FROM bulk_answers") == [("done",)]


async def _start_answering(story: Story) -> set[str]:
    """Let customers write, announce an outage, link all of them and answer; return their posts' ids."""
    asked = {
        story.customer_writes(f"@acme paying by card fails for me, no. {number}", who=f"crowd{number}")
        for number in range(CROWD)
    }
    slack = story.world.slack
    await slack.command(KAI, ONCALL, "/outage")
    await _submit(story, "outage_form", FORM)
    await _submit(story, "outage_preview")
    board = await story.card(f"Link matching cases… ({CROWD})", channel=ONCALL)
    await slack.press(KAI, ONCALL, board["ts"], "outage.proposed")
    view = await _view(story, "outage_proposed")
    await slack.press_in_view(KAI, view["id"], "outage.all_shown")
    await _submit(story, "outage_link_preview")
    board = await story.card(f"*{CROWD} linked cases*", channel=ONCALL)
    await slack.press(KAI, ONCALL, board["ts"], "outage.answer_linked")
    await _submit(story, "outage_answers")
    return asked


async def _view(story: Story, callback: str) -> Mapping[str, Any]:
    """Wait for this modal before Kai."""

    def look() -> Mapping[str, Any] | None:
        found = story.world.slack.open_view(KAI)
        return found if found and found["callback_id"] == callback else None

    return await story.until(look, f"the modal {callback} before Kai")


async def _submit(story: Story, callback: str, values: Mapping[str, Any] | None = None) -> None:
    view = await _view(story, callback)
    await story.world.slack.submit(KAI, view["id"], values or {})


def _open(database: BotDatabase) -> int:
    return int(database.query(OPEN)[0][0])
