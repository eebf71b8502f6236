"""What happens by itself, and how often. The clock is APScheduler's; whatever must not be lost is in the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from domain.clock import Clock
from domain.policy import Policy
from handlers.cases.missing_cards import post_missing_cards
from handlers.cases.resolution import wake_due
from handlers.desk import Desk
from handlers.handoffs.expiry import remind_and_expire_offers
from handlers.intake.stream_health import MENTIONS, SEARCH
from handlers.timers.deletion_sweep import DeletionSweep
from handlers.timers.mentions import MentionsPoller
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

WAKE_EVERY = timedelta(seconds=5)
WATCH_EVERY = timedelta(minutes=1)
MEND_EVERY = timedelta(minutes=10)
TIDY_EVERY = timedelta(hours=1)
RECHECK_EVERY = timedelta(hours=1)
KEEP_SETTLED = timedelta(days=30)
TIDY_AT_MOST = 5_000
GRACE = 30.0  # seconds that a stop waits for a reading

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that has a turn every so often."""

    name: str
    every: timedelta
    work: Work


class Schedule:
    """The timers. `leads` says whether this copy of the bot is the one that reads the networks and tidies.

    `recheck` is `None` where nobody is to look whether posts are still there. `others` are the timers of what may not be set up.
    """

    def __init__(
        self,
        *,
        desk: Desk,
        intake: MentionsPoller,
        recheck: DeletionSweep | None,
        policy: Policy,
        clock: Clock,
        poll_every: timedelta,
        searches: bool,
        leads: Callable[[], bool],
        others: Sequence[Timer] = (),
    ) -> None:
        self._desk = desk
        self._policy = policy
        self._clock = clock
        self._leads = leads
        self.recheck = recheck
        self._under_way: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        streams = (MENTIONS, SEARCH) if searches else (MENTIONS,)
        for stream in streams:
            self._every(poll_every, f"read {stream}", partial(intake.read, stream))
        self._every(WAKE_EVERY, "wake snoozed cases", self._wake)
        self._every(WATCH_EVERY, "watch for silence", intake.watch_quiet)
        self._every(WATCH_EVERY, "mind offers", self._mind_offers)
        self._every(MEND_EVERY, "post cards that are missing", self._mend)
        self._every(TIDY_EVERY, "tidy the outbox", self._tidy)
        if recheck is not None:
            self._every(RECHECK_EVERY, "look for deleted posts", recheck.turn)
        for timer in others:
            self._every(timer.every, timer.name, timer.work)

    def start(self) -> None:
        """Begin; every timer's first turn is at once."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin nothing more, and let what is under way finish: APScheduler's own shutdown would cancel it.

        Nothing, where it was never started.
        """
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE)
        self._scheduler.shutdown(wait=False)

    def _every(self, interval: timedelta, name: str, work: Work) -> None:
        self._scheduler.add_job(
            self._turn,
            "interval",
            args=(name, work),
            seconds=interval.total_seconds(),
            next_run_time=self._clock.now(),
            id=name,
        )

    async def _turn(self, name: str, work: Work) -> None:
        turn = asyncio.create_task(self._work(name, work), name=name)
        self._under_way.add(turn)
        turn.add_done_callback(self._under_way.discard)
        await asyncio.shield(turn)

    async def _work(self, name: str, work: Work) -> None:
        try:
            if await self._desk.ask(self._leads):
                await work()
        except Exception:
            log.exception("the timer to %s stumbled; it goes on with its next turn", name)

    async def _wake(self) -> None:
        await self._desk.run(wake_due, now=self._clock.now())

    async def _mind_offers(self) -> None:
        await self._desk.run(remind_and_expire_offers, now=self._clock.now())

    async def _mend(self) -> None:
        posted = await self._desk.run(post_missing_cards, policy=self._policy, now=self._clock.now())
        if posted:
            log.warning("%d cases had no card anywhere; theirs are posted again", posted)

    async def _tidy(self) -> None:
        before = self._clock.now() - KEEP_SETTLED
        while await self._desk.run(_prune, before=before) == TIDY_AT_MOST:
            log.info("forgot %d settled acts of the outbox", TIDY_AT_MOST)


def _prune(uow: UnitOfWork, *, before: datetime) -> int:
    return uow.outbox.prune(before=before, limit=TIDY_AT_MOST)
