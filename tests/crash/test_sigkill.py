"""A busy minute in which the bot is killed (SIGKILL) at random moments: nothing is lost, nothing is doubled."""

import asyncio
import os
from pathlib import Path

import pytest

from adapters.slack.manifest import manifest
from sandbox.faults import Fault
from sandbox.slack import Limits
from sandbox.slack.entities import Channel
from sandbox.world import World
from tests.crash.books import Books
from tests.crash.counting import Count
from tests.crash.minute import AGENTS, MESSAGE, Minute
from tests.processes import bot_in_world
from tests.stories import SUPPORT

SEED = int(os.environ.get("CRASH_SEED", "1"))
FEWEST_MET = 2
SETTLES_WITHIN = 240.0
BILLING, ABROAD = "C0BILLING", "C0ABROAD"
CHANNELS = (SUPPORT, BILLING, ABROAD)
# Slack takes a message a second in each channel, so the cards are spread over three.
CHOICES = """
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
    books = Books(database_url)
    async with bot_in_world(tmp_path, database_url, choices=CHOICES, limits=limits) as (story, bot):
        world = story.world
        world.slack.install(manifest(socket_mode=True))
        for place, name in ((BILLING, "billing"), (ABROAD, "abroad")):
            world.slack.add_channel(Channel(place, name, members=["U0BOT", *AGENTS]))
        await bot.start()
        minute = Minute(story, bot, books, CHANNELS, SEED)
        await minute.pass_by()
        await _settles(books, world)
        await bot.kill()
        count = Count(world, CHANNELS, minute.mentions, minute.told)
        wrong = [*count.problems(), *_differences(books, count)]
        assert not wrong, "\n".join([f"seed {SEED}:", *wrong])
        assert len(minute.met) >= FEWEST_MET, "the kills cut nothing short, so this proved little"


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
        await story.until(lambda: not Books(url).unsettled(), "rest", seconds=90)
        assert len(story.world.slack.messages(SUPPORT)) == 1


async def _settles(books: Books, world: World) -> None:
    """Nothing is on its way any more, except replies that are nowhere to be found: a person is asked about those."""
    deadline = asyncio.get_running_loop().time() + SETTLES_WITHIN
    while left := _on_its_way(books, world):
        assert asyncio.get_running_loop().time() < deadline, left
        await asyncio.sleep(0.2)


def _on_its_way(books: Books, world: World) -> object:
    left = dict(books.unsettled())
    public = {entry.detail["text"] for entry in world.ledger.of("x", "POST /2/tweets")}
    unsure = {text for (text,) in books.ask("SELECT text FROM messages WHERE delivery = 'unsure'")}
    if unsure & public:
        return unsure & public
    left.pop(("send_reply", "unsure"), None)
    left.pop(("send_reply", "sending"), None)
    return left


def _differences(books: Books, count: Count) -> list[str]:
    """What the bot's own tables say otherwise than the world."""
    stored = {post for (post,) in books.ask("SELECT external_id FROM messages WHERE direction = 'in'")}
    cases = books.ask("SELECT author_handle, claimed_by FROM cases")
    holders = {row[0]: row[1] for row in cases}
    wrong = [f"{post.text!r} is not stored" for post in count.mentions if post.id not in stored]
    if len(stored) != len(count.mentions):
        wrong.append(f"{len(stored)} messages are stored of {len(count.mentions)} mentions")
    wrong += [
        f"{who} is with {holders.get(who)} by the books, and was told to be with {holder}"
        for who, holder in count.told.holders.items()
        if holders.get(who) != holder
    ]
    failed = books.ask("SELECT key, note FROM outbox WHERE state = 'failed'")
    return wrong + [f"{key} failed: {note}" for key, note in failed]
