"""SIGKILL at random moments of a busy minute: no act is lost, none is duplicated."""

import asyncio
import os
from pathlib import Path

import pytest

from adapters.slack.manifest import manifest
from sandbox.faults import Fault
from sandbox.slack import Limits
from sandbox.slack.entities import Channel
from sandbox.world import World
from tests.crash.bot_database import BotDatabase
from tests.crash.counting import LedgerCheck
from tests.crash.scenario import AGENTS, MESSAGE, Scenario
from tests.processes import bot_in_world
from tests.stories import SUPPORT

SEED = int(os.environ.get("CRASH_SEED", "1"))
FEWEST_INTERRUPTED = 2
SETTLES_WITHIN = 240.0
BILLING, ABROAD = "C0BILLING", "C0ABROAD"
CHANNELS = (SUPPORT, BILLING, ABROAD)
# Slack limits each channel to one message a second, so the cards are spread over three.
CHOICES = """
[triage]
encoder = "none"
[intake]
poll_seconds = 0.5
[[slack.routes]]
channel = "#billing"
situation = "cannot_pay"
[[slack.routes]]
channel = "#abroad"
situation = "delivery"
[[slack.routes]]
channel = "#abroad"
situation = "outage_report"
"""


@pytest.mark.crash
@pytest.mark.long(50)
@pytest.mark.timeout(600)
async def test_nothing_is_lost_and_nothing_is_doubled(tmp_path: Path, database_url: str) -> None:
    limits = Limits(posts_per_minute=1000, update_burst=200, tier3=500, tier4=500)
    database = BotDatabase(database_url)
    async with bot_in_world(tmp_path, database_url, choices=CHOICES, limits=limits) as (story, bot):
        world = story.world
        world.slack.install(manifest(socket_mode=True))
        for place, name in ((BILLING, "billing"), (ABROAD, "abroad")):
            world.slack.add_channel(Channel(place, name, members=["U0BOT", *AGENTS]))
        await bot.start()
        scenario = Scenario(story, bot, database, CHANNELS, SEED)
        await scenario.run()
        await _wait_until_settled(database, world)
        await bot.kill()
        check = LedgerCheck(world, CHANNELS, scenario.mentions, scenario.acknowledged)
        wrong = [*check.problems(), *_differences(database, check)]
        assert not wrong, "\n".join([f"seed {SEED}:", *wrong])
        assert len(scenario.interrupted) >= FEWEST_INTERRUPTED, (
            "the kills cut nothing short, so this proved little"
        )


@pytest.mark.crash
@pytest.mark.long(20)
@pytest.mark.timeout(480)
async def test_a_card_that_slack_takes_its_time_to_post_is_posted_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'switchboard.db'}"
    async with bot_in_world(tmp_path, url) as (story, bot):
        await bot.start()
        slow = story.world.faults.add(Fault(MESSAGE, "slow", seconds=12))
        story.customer_writes("@acme is anybody there?")
        await story.until(lambda: slow.times == 0, "the call to Slack", seconds=60)
        await bot.kill()
        await bot.start()
        await story.until(lambda: not BotDatabase(url).unsettled(), "rest", seconds=90)
        assert len(story.world.slack.messages(SUPPORT)) == 1


async def _wait_until_settled(database: BotDatabase, world: World) -> None:
    """Wait until nothing is in flight, except replies with an unknown outcome.

    An agent is asked about those.
    """
    deadline = asyncio.get_running_loop().time() + SETTLES_WITHIN
    while left := _unsettled(database, world):
        assert asyncio.get_running_loop().time() < deadline, left
        await asyncio.sleep(0.2)


def _unsettled(database: BotDatabase, world: World) -> object:
    left = dict(database.unsettled())
    public = {entry.detail["text"] for entry in world.ledger.of("x", "POST /2/tweets")}
    unsure = {text for (text,) in database.query("SELECT text FROM messages WHERE delivery = 'unsure'")}
    if unsure & public:
        return unsure & public
    left.pop(("send_reply", "unsure"), None)
    return left


def _differences(database: BotDatabase, check: LedgerCheck) -> list[str]:
    """Return where the bot's tables differ from the ledger."""
    stored = {post for (post,) in database.query("SELECT external_id FROM messages WHERE direction = 'in'")}
    cases = database.query("SELECT author_handle, claimed_by FROM cases")
    assignees = {row[0]: row[1] for row in cases}
    wrong = [f"{post.text!r} is not stored" for post in check.mentions if post.id not in stored]
    if len(stored) != len(check.mentions):
        wrong.append(f"{len(stored)} messages are stored of {len(check.mentions)} mentions")
    wrong += [
        f"{who} is with {assignees.get(who)} by the books, and was told to be with {assignee}"
        for who, assignee in check.acknowledged.assignees.items()
        if assignees.get(who) != assignee
    ]
    failed = database.query("SELECT key, note FROM outbox WHERE state = 'failed'")
    return wrong + [f"{key} failed: {note}" for key, note in failed]
