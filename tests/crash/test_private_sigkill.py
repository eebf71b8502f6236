"""SIGKILL during a private conversation: each line of each side is delivered exactly once, in every venue."""

import asyncio
import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.slack.manifest import manifest
from sandbox.faults import Fault
from sandbox.slack import Limits
from tests.crash.bot_database import BotDatabase
from tests.crash.private_customers import SIDES, Side
from tests.processes import BotProcess, bot_in_world
from tests.stories import SAM, SUPPORT, Story, shown

SEED = int(os.environ.get("CRASH_SEED", "1"))
CUSTOMER_LINES, AGENT_LINES = 3, 2  # lines of each side in each of the bot's lives
SLOW = 2.0  # seconds; shorter than the bot takes to restart and check the other side
CALL_WITHIN = 20.0
SETTLES_WITHIN = 200.0
STUCK_AFTER = 10.0  # seconds; longer than SLOW, so that no mail of a killed bot is still being taken
LOOKS = 5
# Without the encoder, which each life of the bot would load: `test_sigkill.py` has it.
CHOICES = """
[triage]
encoder = "none"
[intake]
poll_seconds = 0.5
[dm]
poll_seconds = 0.3
[email]
poll_seconds = 2
"""


@dataclass
class Conversation:
    """Both sides write while the bot is killed.

    `customer_lines` are the customer's lines, `agent_lines` the agent's with their ts in the thread.
    """

    story: Story
    bot: BotProcess
    database: BotDatabase
    side: Side
    ts: str
    rng: random.Random
    customer_lines: list[str] = field(default_factory=list)
    agent_lines: dict[str, str] = field(default_factory=dict)
    interrupted: int = 0

    async def run_life(self, number: int, moment: str | None) -> None:
        """Write on both sides during one life of the bot, and kill it."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write(number))
            group.create_task(self._say(number))
            group.create_task(self._kill(moment))

    async def _write(self, number: int) -> None:
        for line in range(CUSTOMER_LINES):
            await asyncio.sleep(self.rng.uniform(0.0, 0.8))
            text = f"theirs-{number}-{line}."
            await self.side.write(text)
            self.customer_lines.append(text)

    async def _say(self, number: int) -> None:
        slack = self.story.world.slack
        for line in range(AGENT_LINES):
            await asyncio.sleep(self.rng.uniform(0.0, 0.8))
            text = f"ours-{number}-{line}."
            message = await slack.say(SAM, SUPPORT, f"<@{slack.app.bot_user_id}> {text}", self.ts)
            self.agent_lines[text] = str(message["ts"])

    async def _kill(self, moment: str | None) -> None:
        await asyncio.sleep(self.rng.uniform(0.1, 0.6))
        if moment is not None:
            await self._wait_for_call(moment)
        await self.bot.kill()
        await self.database.expire_leases()
        await self.bot.start()

    async def _wait_for_call(self, call: str) -> None:
        slow = self.story.world.faults.add(Fault(call, "slow", seconds=SLOW))
        try:
            async with asyncio.timeout(CALL_WITHIN):
                while slow.times:  # noqa: ASYNC110 - a fault sets no event
                    await asyncio.sleep(0.02)
        except TimeoutError:
            slow.times = 0
        else:
            self.interrupted += 1
            await asyncio.sleep(self.rng.uniform(0.0, SLOW * 0.9))

    def unsettled(self) -> object:
        """Return what is not settled, except lines with an unknown outcome: an agent is asked about those."""
        left = dict(self.database.unsettled())
        unsettled = {
            text
            for (text,) in self.database.query(
                "SELECT text FROM messages WHERE delivery IN ('queued', 'unsure')"
            )
        }
        if found := unsettled & set(self.side.received()):
            return found
        left.pop(("send_private", "unsure"), None)
        unprocessed = self.agent_lines.keys() - {
            text for (text,) in self.database.query("SELECT text FROM messages")
        }
        return left or unprocessed or self._undelivered()

    def _undelivered(self) -> set[str]:
        """Return lines that were sent but have not been received; a browser may be reconnecting."""
        sent = {text for (text,) in self.database.query("SELECT text FROM messages WHERE delivery = 'sent'")}
        return (sent & self.agent_lines.keys()) - set(self.side.received())

    async def settle_doubt(self) -> None:
        """Settle an answer of unknown outcome that holds others up, as whoever asked the customer would."""
        if "Go on without it" not in shown(self.story.card_at(self.ts)):
            return
        [(text,)] = self.database.query("SELECT text FROM messages WHERE delivery = 'unsure'")
        action = "reply.was_sent" if text in self.side.received() else "reply.repeat"
        await self.story.world.slack.press(SAM, SUPPORT, self.ts, action)

    def problems(self) -> list[str]:
        """Return all discrepancies, counted at the customer's side and in Slack."""
        received, reactions = self.side.received(), self._reactions()
        wrong = [
            f"{text!r} came to the customer {received.count(text)} times"
            for text in set(received)
            if received.count(text) > 1
        ]
        for text, ts in self.agent_lines.items():
            if text in received and "white_check_mark" not in reactions[ts]:
                wrong.append(f"{text!r} arrived, and is marked {reactions[ts]}")
            if text not in received and not self._asks_about_outcome():
                wrong.append(f"{text!r} did not arrive, is marked {reactions[ts]}, and nobody is asked")
        posts = self.story.world.ledger.of("slack", "chat.postMessage")
        thread_text = " ".join(
            shown({"blocks": e.detail["blocks"]}) for e in posts if e.detail["thread_ts"] == self.ts
        )
        wrong += [
            f"the thread tells {text!r} {thread_text.count(text)} times"
            for text in self.customer_lines
            if thread_text.count(text) != 1
        ]
        return wrong

    def _asks_about_outcome(self) -> bool:
        return "Not sure it was sent" in shown(self.story.card_at(self.ts))

    def _reactions(self) -> dict[str, list[str]]:
        thread = self.story.world.slack.thread(SUPPORT, self.ts)
        return {m["ts"]: [one["name"] for one in m.get("reactions", [])] for m in thread}


@pytest.mark.crash
@pytest.mark.long(25)
@pytest.mark.timeout(600)
@pytest.mark.parametrize("venue", sorted(SIDES))
async def test_nothing_is_lost_and_nothing_is_doubled_in_private(
    tmp_path: Path, database_url: str, venue: str
) -> None:
    limits = Limits(
        posts_per_minute=1000, update_burst=200, tier3=500, tier4=500, redelivery_seconds=_RETRY_DELAYS
    )
    async with bot_in_world(tmp_path, database_url, choices=CHOICES, limits=limits) as (story, bot):
        story.world.slack.install(manifest(socket_mode=True))
        story.world.x.limits.limit["GET /2/dm_events"] = 100_000
        await bot.start()
        side = SIDES[venue](story)
        try:
            conversation = Conversation(
                story, bot, BotDatabase(database_url), side, await side.enter_venue(), random.Random(SEED)
            )
            for number, moment in enumerate(side.moments):
                await conversation.run_life(number, moment)
            wrong = await _problems_when_settled(conversation)
        finally:
            await side.close()
        assert not wrong, "\n".join([f"seed {SEED}, {venue}:", *wrong])
        assert conversation.interrupted >= len([moment for moment in side.moments if moment]) - 1, (
            "the kills proved little"
        )


#: Shorter than Slack's own retry delays of a minute and five minutes.
_RETRY_DELAYS: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


async def _problems_when_settled(conversation: Conversation) -> list[str]:
    """Return the discrepancies that stay: what is settled between two looks at it is none."""
    wrong: list[str] = []
    for _ in range(LOOKS):
        await _wait_until_settled(conversation)
        if not (wrong := conversation.problems()):
            break
        await asyncio.sleep(1)
    return wrong


async def _wait_until_settled(conversation: Conversation) -> None:
    clock = asyncio.get_running_loop().time
    deadline = clock() + SETTLES_WITHIN
    before, since = None, clock()
    while left := conversation.unsettled():
        assert clock() < deadline, left
        if left != before:
            before, since = left, clock()
        elif clock() - since > STUCK_AFTER:
            await conversation.settle_doubt()
            since = clock()
        await asyncio.sleep(0.2)
