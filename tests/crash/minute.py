"""A busy minute: mentions come in waves, agents work, X and Slack stumble, and the bot is killed again and again."""

import asyncio
import random
from dataclasses import dataclass, field

from sandbox.faults import Fault, Mode
from sandbox.flood import flood_for
from sandbox.x import Post
from tests.crash.books import Books
from tests.crash.people import Agent, Told
from tests.processes import BotProcess
from tests.stories import KAI, MIA, RUTH, SAM, Story

AGENTS = (SAM, MIA, KAI, RUTH)
AUTHORS = 5
WAVE_SECONDS = 2.0
MENTIONS_A_SECOND = 4.0
SLOW = 2.0  # seconds; shorter than the bot takes to start and look at the other side
MET_WITHIN = 20.0  # seconds that a kill waits for the call in the middle of which it is to happen
REPLY, MESSAGE, UPDATE = "x:POST /2/tweets", "slack:chat.postMessage", "slack:chat.update"
MOMENTS = (REPLY, MESSAGE, MESSAGE, UPDATE, None)

_STUMBLES: tuple[tuple[str, Mode, int], ...] = (
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
    """Somebody who has written, and may write more until the wave is over."""

    handle: str
    silent: asyncio.Event


@dataclass
class Minute:
    """What happens is drawn from `seed`; when exactly, the machine decides. `met` lists the calls that a kill cut short."""

    story: Story
    bot: BotProcess
    books: Books
    channels: tuple[str, ...]
    seed: int
    told: Told = field(default_factory=Told)
    mentions: list[Post] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    _waiting: "asyncio.Queue[Customer | None]" = field(default_factory=asyncio.Queue)

    async def pass_by(self) -> None:
        """Let it happen, until the customers are silent and every agent has done what they wanted to do."""
        faults = self.story.world.faults
        for call, mode, times in _STUMBLES:
            faults.add(Fault(call, mode, times=times))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lives())
            for number, user in enumerate(AGENTS):
                group.create_task(self._work(number, user))
        faults.clear()

    async def _lives(self) -> None:
        """Each of the bot's lives has its wave of mentions, and its end."""
        dice = random.Random(self.seed)
        for number, call in enumerate(dice.sample(MOMENTS, len(MOMENTS))):
            async with asyncio.TaskGroup() as group:
                group.create_task(self._wave(self.seed * 100 + number))
                group.create_task(self._kill(call, dice))
        for _ in AGENTS:
            self._waiting.put_nowait(None)

    async def _wave(self, seed: int) -> None:
        """Customers who write, and are told of to the agents as soon as they have."""
        silent, network = asyncio.Event(), self.story.world.x
        for who in range(AUTHORS):
            self._waiting.put_nowait(Customer(f"crowd_{seed}_{who}", silent))
        self.mentions += await flood_for(network, WAVE_SECONDS, MENTIONS_A_SECOND, AUTHORS, seed)
        silent.set()

    async def _work(self, number: int, user: str) -> None:
        dice = random.Random(self.seed * 100 + number)
        while (customer := await self._waiting.get()) is not None:
            if await self._wrote(customer):
                agent = Agent(self.story, user, self.channels, dice, self.told, customer.silent)
                await agent.work(customer.handle)

    async def _wrote(self, customer: Customer) -> bool:
        """Whether the customer wrote at all, as soon as that is known."""
        network = self.story.world.x
        while True:
            is_over = customer.silent.is_set()
            if any(post.author.username == customer.handle for post in network.posts.values()):
                return True
            if is_over:
                return False
            await asyncio.sleep(0.1)

    async def _kill(self, call: str | None, dice: random.Random) -> None:
        await asyncio.sleep(dice.uniform(0.3, 2.0))
        if call is not None:
            await self._in_the_middle_of(call, dice)
        await self.bot.kill()
        await self.books.let_leases_run_out()
        await self.bot.start()

    async def _in_the_middle_of(self, call: str, dice: random.Random) -> None:
        """Return while the world takes its time over such a call; or after a while, where none is made."""
        slow = self.story.world.faults.add(Fault(call, "slow", seconds=SLOW))
        try:
            async with asyncio.timeout(MET_WITHIN):
                while slow.times:  # noqa: ASYNC110 - a fault rings no bell
                    await asyncio.sleep(0.05)
        except TimeoutError:
            slow.times = 0
        else:
            self.met.append(call)
            await asyncio.sleep(dice.uniform(0.0, SLOW * 0.9))
