"""Crash scenario: mentions in waves, agents at work, faults of X and Slack, and repeated SIGKILLs."""

import asyncio
import random
from dataclasses import dataclass, field

from sandbox.faults import Fault, Mode
from sandbox.flood import flood_for
from sandbox.x import Post
from tests.crash.bot_database import BotDatabase
from tests.crash.people import Acknowledged, Agent
from tests.processes import BotProcess
from tests.stories import KAI, MIA, RUTH, SAM, Story

AGENTS = (SAM, MIA, KAI, RUTH)
AUTHORS = 5
WAVE_SECONDS = 2.0
MENTIONS_A_SECOND = 4.0
SLOW = 2.0  # seconds; shorter than the bot takes to restart and check the other side
CALL_WITHIN = 20.0  # seconds that a kill waits for the call during which it is to happen
REPLY, MESSAGE, UPDATE = "x:POST /2/tweets", "slack:chat.postMessage", "slack:chat.update"
MOMENTS = (REPLY, MESSAGE, MESSAGE, UPDATE, None)

_FAULTS: tuple[tuple[str, Mode, int], ...] = (
    (REPLY, "lost-after", 2),
    (REPLY, "lost-before", 1),
    (REPLY, "status", 1),
    (MESSAGE, "lost-after", 2),
    (MESSAGE, "status", 1),
    (MESSAGE, "lost-before", 1),
    (UPDATE, "lost-after", 2),
    (UPDATE, "status", 1),
)


@dataclass(frozen=True)
class Customer:
    """A customer who has written, and may write more until the wave is over."""

    handle: str
    silent: asyncio.Event


@dataclass
class Scenario:
    """The scenario. `seed` determines what happens; the exact timing depends on the machine.

    `interrupted` lists the calls that a kill interrupted.
    """

    story: Story
    bot: BotProcess
    database: BotDatabase
    channels: tuple[str, ...]
    seed: int
    acknowledged: Acknowledged = field(default_factory=Acknowledged)
    mentions: list[Post] = field(default_factory=list)
    interrupted: list[str] = field(default_factory=list)
    _waiting: "asyncio.Queue[Customer | None]" = field(default_factory=asyncio.Queue)

    async def run(self) -> None:
        """Run the scenario until all customers are silent and every agent is done."""
        faults = self.story.world.faults
        for call, mode, times in _FAULTS:
            faults.add(Fault(call, mode, times=times))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._run_lives())
            for number, user in enumerate(AGENTS):
                group.create_task(self._work(number, user))
        faults.clear()

    async def _run_lives(self) -> None:
        """Run one wave of mentions and one kill per life of the bot."""
        rng = random.Random(self.seed)
        for number, call in enumerate(rng.sample(MOMENTS, len(MOMENTS))):
            async with asyncio.TaskGroup() as group:
                group.create_task(self._run_wave(self.seed * 100 + number))
                group.create_task(self._kill(call, rng))
        for _ in AGENTS:
            self._waiting.put_nowait(None)

    async def _run_wave(self, seed: int) -> None:
        """Flood one wave of mentions, and queue its customers for the agents."""
        silent, network = asyncio.Event(), self.story.world.x
        for who in range(AUTHORS):
            self._waiting.put_nowait(Customer(f"crowd_{seed}_{who}", silent))
        self.mentions += await flood_for(network, WAVE_SECONDS, MENTIONS_A_SECOND, AUTHORS, seed)
        silent.set()

    async def _work(self, number: int, user: str) -> None:
        rng = random.Random(self.seed * 100 + number)
        while (customer := await self._waiting.get()) is not None:
            if await self._has_written(customer):
                agent = Agent(self.story, user, self.channels, rng, self.acknowledged, customer.silent)
                await agent.work(customer.handle)

    async def _has_written(self, customer: Customer) -> bool:
        """Wait until the customer has written or the wave is over; returns whether they wrote."""
        network = self.story.world.x
        while True:
            is_over = customer.silent.is_set()
            if any(post.author.username == customer.handle for post in network.posts.values()):
                return True
            if is_over:
                return False
            await asyncio.sleep(0.1)

    async def _kill(self, call: str | None, rng: random.Random) -> None:
        await asyncio.sleep(rng.uniform(0.3, 2.0))
        if call is not None:
            await self._wait_for_call(call, rng)
        await self.bot.kill()
        await self.database.expire_leases()
        await self.bot.start()

    async def _wait_for_call(self, call: str, rng: random.Random) -> None:
        """Return while a slowed call is in progress, or after `CALL_WITHIN` seconds where none is made."""
        slow = self.story.world.faults.add(Fault(call, "slow", seconds=SLOW))
        try:
            async with asyncio.timeout(CALL_WITHIN):
                while slow.times:  # noqa: ASYNC110 - a fault sets no event
                    await asyncio.sleep(0.05)
        except TimeoutError:
            slow.times = 0
        else:
            self.interrupted.append(call)
            await asyncio.sleep(rng.uniform(0.0, SLOW * 0.9))
