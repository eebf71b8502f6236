"""Benchmark a flood: when urgent cases are seen, what Slack is asked for, and what is lost.

In virtual time: the clock runs while the bot works and jumps forward where it waits. Intake, storage, the
outbox's loop, the performers and the use cases are those of the bot; polling, timers and agents are driven
from here at their usual intervals, and Slack is a stand-in that enforces its limits. The baseline is a bot
that posts each mention as it comes.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import psutil

from adapters.networks.x.profile import PROFILE
from domain.cases.case import Case
from domain.intake.posts import Author, MatchReason, Post
from domain.intake.stream_names import MENTIONS
from domain.surge.flood import is_urgent
from handlers.cases.assignment import claim
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers import paces_with, performers
from handlers.desk import Desk
from handlers.intake.mentions import ingest_posts
from handlers.post_spacing import PostSpacing
from handlers.surge.flood import active_floods, tend_flood
from handlers.timers.maintenance import FLOOD_EVERY
from handlers.timers.mentions import BATCH_SIZE
from handlers.triage.classify import Classifier
from storage.engine import open_store
from storage.unit_of_work import UnitOfWork
from tests.bench.databases import Databases
from tests.bench.figures import Figure, at_most
from tests.bench.posts import ACCOUNT, classifier, texts
from tests.bench.sizes import Sizes
from tests.bench.virtual_slack import BEGAN, VirtualClock, VirtualSlack, first_come
from tests.handlers.context import a_context

POLL = 15.0  # seconds, as by default
URGENT_ONE_IN = 100
CLAIM_EVERY = 3.0  # seconds between two claims of all agents together
AFTER = 240.0  # seconds after the last post: until it is calm, and the summary is posted
URGENT = (
    "@acme the power bank you sent is on fire, there is smoke everywhere",
    "@acme my charger burned my hand, please help",
    "@acme your device gave my son an electric shock",
)
PERCENT = 100


def flood(databases: Databases, sizes: Sizes) -> list[Figure]:
    """Measure on each database a flood in ten minutes and one in a minute."""
    reader = classifier()
    figures: list[Figure] = []
    for name, fresh in databases.items():
        for minutes in sizes.flood_minutes:
            figures += asyncio.run(_measure(fresh(), name, minutes, sizes.flood_mentions, reader))
    return figures


async def _measure(url: str, name: str, minutes: float, many: int, reader: Classifier) -> list[Figure]:
    run = _Run(url, many, minutes * 60, reader)
    try:
        await run.run()
    finally:
        await run.close()
    what = f"flood, {many:,} in {minutes:g} min, {name}"
    plain = [
        shown - _read_at(arrived)
        for number, (arrived, shown) in enumerate(
            zip(run.arrivals, first_come([_read_at(at) for at in run.arrivals]), strict=True)
        )
        if number in run.urgent
    ]
    seen = run.delays(run.slack.visible)
    cards = run.delays({run.numbers[case_id]: at for case_id, at in run.slack.carded.items()})
    return [
        at_most(f"{what}: urgent seen after, 99 %", "s", _percentile(seen, 99), 5, _percentile(plain, 99)),
        Figure(
            what=f"{what}: urgent has its card after, 99 %",
            unit="s",
            measured=_percentile(cards, 99),
            floor=_percentile(plain, 99),
        ),
        at_most(
            f"{what}: Slack calls per mention",
            "",
            (run.slack.calls - run.slack.for_agents) / many,
            0.05,
            1.0,
        ),
        Figure(what=f"{what}: with those of agents' acts", unit="", measured=run.slack.calls / many),
        Figure(what=f"{what}: calls refused (429)", unit="", measured=run.slack.refused),
        at_most(f"{what}: mentions lost or doubled", "", run.lost, 0),
        at_most(f"{what}: claim to commit, 99 %", "ms", _percentile(run.claims, 99) * 1000, 100),
        Figure(
            what=f"{what}: claim to its card, 99 %", unit="s", measured=_percentile(run.claim_shown(), 99)
        ),
        at_most(f"{what}: memory grows by", "MB", run.memory_growth, 20),
    ]


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=PERCENT, method="inclusive")[percent - 1]


def _read_at(arrived: float) -> float:
    """Return when the post is read: at the next poll."""
    return (arrived // POLL + 1) * POLL


@dataclass
class _Run:
    """One flood on one database."""

    url: str
    many: int
    seconds: float
    reader: Classifier
    claims: list[float] = field(default_factory=list)
    claimed: dict[int, tuple[float, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.arrivals = [self.seconds * number / self.many for number in range(self.many)]
        self.urgent = set(range(URGENT_ONE_IN // 2, self.many, URGENT_ONE_IN))
        self.clock = VirtualClock()
        self.slack = VirtualSlack(self.clock)
        store = open_store(self.url)
        self.desk = Desk(store)
        ctx = a_context(self.desk, clock=self.clock, team_chat=self.slack, post_spacing=PostSpacing())
        dispatcher = Dispatcher(
            performers=performers(ctx), paces=paces_with(ctx.networks, ctx.destinations), owner="bench"
        )
        self.delivery = Delivery(self.desk, dispatcher, self.clock, sole_worker=store.workers == 1)
        self.case_ids: dict[int, int] = {}
        self.numbers: dict[int, int] = {}
        self.read_at: dict[int, float] = {}
        self.lost = 0
        self.memory_growth = 0.0
        self._next_tend = 0.0
        self._next_claim = CLAIM_EVERY

    async def run(self) -> None:
        """Let the posts arrive, and go on until the flood is over."""
        texts_of_others, read, poll, process = _harmless(self.reader), 0, POLL, psutil.Process()
        before = 0.0
        while (now := self.clock.seconds) < self.seconds + AFTER:
            if now >= poll:
                due = sum(at < poll for at in self.arrivals[read:])
                for first in range(read, read + due, BATCH_SIZE):
                    numbers = range(first, min(first + BATCH_SIZE, read + due))
                    await self._ingest([self._post(number, texts_of_others) for number in numbers])
                read, poll = read + due, poll + POLL
                before = before or (process.memory_info().rss if read > self.many / 5 else 0.0)
            if not await self._turn():
                self.clock.skip_to(min(poll, self._next_tend, self._next_claim, await self._next_due()))
        self.memory_growth = (process.memory_info().rss - before) / 1_000_000
        self.lost = await self.desk.run(self._count_lost)

    async def close(self) -> None:
        """Stop the loop and close the store."""
        await self.delivery.stop()
        await asyncio.to_thread(self.desk.close)

    def delays(self, seen: dict[int, float]) -> list[float]:
        """Return how long after it was read each urgent case was seen; never is the end."""
        end = self.seconds + AFTER
        return [max(0.0, seen.get(number, end) - self.read_at[number]) for number in self.urgent]

    def claim_shown(self) -> list[float]:
        """Return how long after each claim its card showed it, where it was a card that was claimed."""
        return [
            next((edit for edit in self.slack.edits.get(ts, ()) if edit >= at), self.seconds + AFTER) - at
            for at, ts in self.claimed.values()
        ]

    async def _ingest(self, posts: Sequence[Post]) -> None:
        """Store a batch, prepared as the poller does, while agents and the outbox go on."""
        await asyncio.to_thread(self.reader.prepare_posts, posts)
        read_at = self.clock.seconds
        ingestion = asyncio.create_task(
            self.desk.run(
                ingest_posts,
                account=ACCOUNT,
                profile=PROFILE,
                posts=posts,
                stream=MENTIONS,
                newest_id=posts[-1].id,
                classifier=self.reader,
                now=self.clock.now(),
            )
        )
        await self._turn()
        await ingestion
        for number, case_id in (await self.desk.run(_case_ids, posts)).items():
            self.case_ids[number], self.read_at[number] = case_id, read_at
            self.numbers[case_id] = number

    async def _turn(self) -> int:
        """Do what is due: an agent's claim, the timer, the outbox. Returns how many effects were started."""
        if self.clock.seconds >= self._next_claim:
            self._next_claim = self.clock.seconds + CLAIM_EVERY
            await self._claim()
        if self.clock.seconds >= self._next_tend:
            self._next_tend = self.clock.seconds + FLOOD_EVERY.total_seconds()
            for flood_id in await self.desk.run(active_floods):
                await self.desk.run(tend_flood, flood_id=flood_id, now=self.clock.now())
        started = await self.delivery.deliver_due()
        await self.delivery.drain()
        return started

    async def _claim(self) -> None:
        """Claim the highest-ranking case that has a card."""
        case = await self.desk.run(_best_with_card)
        if case is None:
            return
        began = time.perf_counter()
        await self.desk.run_at_once(claim, case_id=case.id, user_id="U0SAM", now=self.clock.now())
        self.claims.append(time.perf_counter() - began)
        self.claimed[case.id] = self.clock.seconds, str(case.card_ts)

    async def _next_due(self) -> float:
        due = await self.desk.run(lambda uow: uow.outbox.next_due(self.clock.now()))
        return float("inf") if due is None else max((due - BEGAN).total_seconds(), self.clock.seconds + 0.01)

    def _post(self, number: int, others: Sequence[str]) -> Post:
        text = URGENT[number % len(URGENT)] if number in self.urgent else others[number % len(others)]
        author, post_id = f"f{number}", str(1_900_000_000_000_000_000 + number)
        return Post(
            network=ACCOUNT.network,
            account_id=ACCOUNT.id,
            id=post_id,
            revision_id=post_id,
            author=Author(id=author, handle=author, name=f"Person {number}", followers=number % 5000),
            text=f"{text} (no. {number})",
            created_at=BEGAN + timedelta(seconds=self.arrivals[number]),
            url=f"https://x.com/{author}/status/{post_id}",
            conversation_id=post_id,
            match_reason=MatchReason.MENTION,
            language_hint="en",
        )

    def _count_lost(self, uow: UnitOfWork) -> int:
        """Count the mentions that have neither a card nor a place among those held back, or two cards."""
        held = uow.held_cards.among(self.case_ids.values())
        without = sum(
            case_id not in self.slack.carded and case_id not in held for case_id in self.case_ids.values()
        )
        doubled = sum(count > 1 for count in self.slack.cards.values())
        return self.many - len(self.case_ids) + without + doubled


def _harmless(reader: Classifier) -> list[str]:
    """Return the bundled mentions that are not urgent."""
    return [text for text, urgent in _assessed(reader) if not urgent]


def _assessed(reader: Classifier) -> Iterator[tuple[str, bool]]:
    for text in texts():
        post = Post(
            network=ACCOUNT.network,
            account_id=ACCOUNT.id,
            id="1",
            revision_id="1",
            author=Author(id="1", handle="a", name="A"),
            text=text,
            created_at=BEGAN,
            url="",
            conversation_id="1",
            match_reason=MatchReason.MENTION,
        )
        yield text, is_urgent(reader.assess(post))


def _case_ids(uow: UnitOfWork, posts: Sequence[Post]) -> dict[int, int]:
    """Return the ids of the posts' cases by the posts' numbers."""
    stored = uow.messages.known(ACCOUNT.network, ACCOUNT.id, [post.id for post in posts])
    return {int(post_id) - 1_900_000_000_000_000_000: message.case_id for post_id, message in stored.items()}


def _best_with_card(uow: UnitOfWork) -> Case | None:
    return next((case for case in uow.cases.unclaimed(limit=50) if case.card_ts is not None), None)
