"""A private conversation in each venue through which the bot is killed (SIGKILL): each side's every line arrives, and arrives once."""

import asyncio
import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.slack.manifest import manifest
from sandbox.faults import Fault
from sandbox.slack import Limits
from tests.crash.books import Books
from tests.crash.private import SIDES, Side
from tests.processes import BotProcess, bot_in_world
from tests.stories import SAM, SUPPORT, Story, shown

SEED = int(os.environ.get("CRASH_SEED", "1"))
THEIRS, OURS = 3, 2  # lines of each side in each of the bot's lives
SLOW = 2.0  # seconds; shorter than the bot takes to start and look at the other side
MET_WITHIN = 20.0
SETTLES_WITHIN = 200.0
CHOICES = "[intake]\npoll_seconds = 0.5\n[dm]\npoll_seconds = 0.3\n[email]\npoll_seconds = 2\n"


@dataclass
class Talk:
    """Both sides write while the bot dies. `written` are the customer's lines, `said` the agent's with their ts in the thread."""

    story: Story
    bot: BotProcess
    books: Books
    side: Side
    ts: str
    dice: random.Random
    written: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    met: int = 0

    async def live(self, number: int, moment: str | None) -> None:
        """One of the bot's lives, and its end."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write(number))
            group.create_task(self._say(number))
            group.create_task(self._kill(moment))

    async def _write(self, number: int) -> None:
        for line in range(THEIRS):
            await asyncio.sleep(self.dice.uniform(0.0, 0.8))
            text = f"theirs-{number}-{line}."
            await self.side.write(text)
            self.written.append(text)

    async def _say(self, number: int) -> None:
        slack = self.story.world.slack
        for line in range(OURS):
            await asyncio.sleep(self.dice.uniform(0.0, 0.8))
            text = f"ours-{number}-{line}."
            message = await slack.say(SAM, SUPPORT, f"<@{slack.app.bot_user_id}> {text}", self.ts)
            self.said[text] = str(message["ts"])

    async def _kill(self, moment: str | None) -> None:
        await asyncio.sleep(self.dice.uniform(0.1, 0.6))
        if moment is not None:
            await self._in_the_middle_of(moment)
        await self.bot.kill()
        await self.books.let_leases_run_out()
        await self.bot.start()

    async def _in_the_middle_of(self, call: str) -> None:
        slow = self.story.world.faults.add(Fault(call, "slow", seconds=SLOW))
        try:
            async with asyncio.timeout(MET_WITHIN):
                while slow.times:  # noqa: ASYNC110 - a fault rings no bell
                    await asyncio.sleep(0.02)
        except TimeoutError:
            slow.times = 0
        else:
            self.met += 1
            await asyncio.sleep(self.dice.uniform(0.0, SLOW * 0.9))

    def on_its_way(self) -> object:
        """What is not at its end, but for lines that are nowhere to be found: a person is asked about those."""
        left = dict(self.books.unsettled())
        unsure = {text for (text,) in self.books.ask("SELECT text FROM messages WHERE delivery = 'unsure'")}
        if found := unsure & set(self.side.heard()):
            return found
        left.pop(("send_private", "unsure"), None)
        left.pop(("send_private", "sending"), None)
        untaken = self.said.keys() - {text for (text,) in self.books.ask("SELECT text FROM messages")}
        return left or untaken or self._unheard()

    def _unheard(self) -> set[str]:
        """What is known to be sent and has not come out yet: a browser may be on its way back."""
        sent = {text for (text,) in self.books.ask("SELECT text FROM messages WHERE delivery = 'sent'")}
        return (sent & self.said.keys()) - set(self.side.heard())

    def problems(self) -> list[str]:
        """All that is wrong, counted at the other sides: at the customer's, and in Slack."""
        heard, marks = self.side.heard(), self._marks()
        wrong = [
            f"{text!r} came to the customer {heard.count(text)} times"
            for text in set(heard)
            if heard.count(text) > 1
        ]
        for text, ts in self.said.items():
            if text in heard and "white_check_mark" not in marks[ts]:
                wrong.append(f"{text!r} arrived, and is marked {marks[ts]}")
            if text not in heard and not self._asks():
                wrong.append(f"{text!r} did not arrive, is marked {marks[ts]}, and nobody is asked")
        posts = self.story.world.ledger.of("slack", "chat.postMessage")
        told = " ".join(
            shown({"blocks": e.detail["blocks"]}) for e in posts if e.detail["thread_ts"] == self.ts
        )
        wrong += [
            f"the thread tells {text!r} {told.count(text)} times"
            for text in self.written
            if told.count(text) != 1
        ]
        return wrong

    def _asks(self) -> bool:
        return "Not sure it was sent" in shown(self.story.card_at(self.ts))

    def _marks(self) -> dict[str, list[str]]:
        thread = self.story.world.slack.thread(SUPPORT, self.ts)
        return {m["ts"]: [one["name"] for one in m.get("reactions", [])] for m in thread}


@pytest.mark.crash
@pytest.mark.long(60)
@pytest.mark.timeout(600)
@pytest.mark.parametrize("venue", sorted(SIDES))
async def test_nothing_is_lost_and_nothing_is_doubled_in_private(
    tmp_path: Path, database_url: str, venue: str
) -> None:
    limits = Limits(posts_per_minute=1000, update_burst=200, tier3=500, tier4=500, redelivery_seconds=_AGAIN)
    async with bot_in_world(tmp_path, database_url, choices=CHOICES, limits=limits) as (story, bot):
        story.world.slack.install(manifest(socket_mode=True))
        story.world.x.limits.limit["GET /2/dm_events"] = 100_000
        await bot.start()
        side = SIDES[venue](story)
        try:
            talk = Talk(story, bot, Books(database_url), side, await side.arrive(), random.Random(SEED))
            for number, moment in enumerate(side.moments):
                await talk.live(number, moment)
            await _settles(talk)
            wrong = talk.problems()
        finally:
            await side.leave()
        assert not wrong, "\n".join([f"seed {SEED}, {venue}:", *wrong])
        assert talk.met >= len([moment for moment in side.moments if moment]) - 1, "the kills proved little"


#: Slack's own pauses are a minute and five; here, a story's time is shorter.
_AGAIN: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


async def _settles(talk: Talk) -> None:
    deadline = asyncio.get_running_loop().time() + SETTLES_WITHIN
    while left := talk.on_its_way():
        assert asyncio.get_running_loop().time() < deadline, left
        await asyncio.sleep(0.2)
