"""A busy minute: mentions come in, agents work, X and Slack stumble, and the bot is killed again and again."""

import asyncio
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.faults import Fault, Mode
from sandbox.flood import flood_for
from sandbox.x import Post
from tests.crash.books import Books
from tests.crash.people import Agent, Told
from tests.processes import BotProcess
from tests.stories import KAI, MIA, RUTH, SAM, Story

AGENTS = (SAM, MIA, KAI, RUTH)
AUTHORS = 18
SECONDS = 12.0
MENTIONS_A_SECOND = 2.5
SLOW = 2.0  # seconds; shorter than the bot takes to start and look at the other side
REPLY, MESSAGE, UPDATE = "x:POST /2/tweets", "slack:chat.postMessage", "slack:chat.update"


@dataclass
class Minute:
    """What happens is drawn from `seed`; when exactly, the machine decides."""

    story: Story
    bot: BotProcess
    books: Books
    channels: tuple[str, ...]
    seed: int
    kills: int
    told: Told = field(default_factory=Told)
    mentions: list[Post] = field(default_factory=list)

    async def pass_by(self) -> None:
        """Let it happen, until the customers are silent and every agent has done what they wanted to do."""
        self._stumble()
        silent = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write(silent))
            group.create_task(self._kill())
            for number, user in enumerate(AGENTS):
                group.create_task(self._work(number, user, silent))
        self.story.world.faults.clear()

    async def _write(self, silent: asyncio.Event) -> None:
        self.mentions = await flood_for(self.story.world.x, SECONDS, MENTIONS_A_SECOND, AUTHORS, self.seed)
        silent.set()

    async def _work(self, number: int, user: str, silent: asyncio.Event) -> None:
        dice = random.Random(self.seed * 100 + number)
        agent = Agent(self.story, user, self.channels, dice, self.told, silent)
        for customer in self._customers(number):
            if await self._wrote(customer, silent):
                await agent.work(customer)

    def _customers(self, number: int) -> Sequence[str]:
        return [f"crowd_{self.seed}_{who}" for who in range(number, AUTHORS, len(AGENTS))]

    async def _wrote(self, customer: str, silent: asyncio.Event) -> bool:
        """Whether the customer wrote at all, as soon as that is known."""
        network = self.story.world.x
        while True:
            is_over = silent.is_set()
            if any(post.author.username == customer for post in network.posts.values()):
                return True
            if is_over:
                return False
            await asyncio.sleep(0.1)

    def _stumble(self) -> None:
        """Things go wrong on the way, too."""
        stumbles: tuple[tuple[str, Mode, int], ...] = (
            (REPLY, "lost-after", 2),
            (REPLY, "lost-before", 1),
            (REPLY, "status", 1),
            (MESSAGE, "lost-after", 2),
            (MESSAGE, "status", 1),
            (MESSAGE, "lost-before", 1),
            (UPDATE, "lost-after", 2),
            (UPDATE, "status", 1),
        )
        for call, mode, times in stumbles:
            self.story.world.faults.add(Fault(call, mode, times=times))

    async def _kill(self) -> None:
        dice = random.Random(self.seed)
        moments = [REPLY, MESSAGE, None, UPDATE]
        dice.shuffle(moments)
        for call in itertools.islice(itertools.cycle(moments), self.kills):
            await asyncio.sleep(dice.uniform(0.5, 3.0))
            if call is not None:
                await self._in_the_middle_of(call, dice)
            await self.bot.kill()
            await self.books.let_leases_run_out()
            await asyncio.sleep(dice.uniform(0.0, 0.5))
            await self.bot.start()

    async def _in_the_middle_of(self, call: str, dice: random.Random) -> None:
        """Return while the world takes its time over such a call; or after a while, where none is made."""
        slow = self.story.world.faults.add(Fault(call, "slow", seconds=SLOW))
        for _ in range(50):
            if slow.times == 0:
                await asyncio.sleep(dice.uniform(0.0, SLOW * 0.9))
                return
            await asyncio.sleep(0.1)
