"""Check outbox invariants under any order of operations.

No effect is lost, none is repeated without reconciling, and each stream has at most one under way.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from domain.delivery.effect import Effect, Safety
from domain.delivery.effects import Alert, Job, PostCard, SendPublicReply, UpdateCard
from domain.delivery.pacing import Pace
from domain.delivery.thread_effects import PostThread
from storage.engine import Store
from storage.errors import LostLease
from storage.outbox_tables import destinations, outbox
from tests.storage.made import NOW, SECOND
from tests.storage.outboxes import LEASE, OutboxCalls

# Few, so that they collide: one stream of three, two that share a destination.
ACTS: tuple[Effect, ...] = (
    UpdateCard(1),
    PostThread(1, "C1"),
    PostCard(1, "C1"),
    SendPublicReply(1, 1, "x"),
    Alert("text", "once", "C1"),
)
WORDS = ("settle", "postpone", "hold", "ask", "fail")


def pace(destination: str) -> Pace | None:
    """Allow one post in two seconds, with a burst of one."""
    return Pace(2 * SECOND, burst=1) if destination.startswith("slack:post:") else None


class OutboxMachine(RuleBasedStateMachine):
    """The outbox beside a model of what was requested and what is in doubt."""

    store: ClassVar[Store]

    def __init__(self) -> None:
        super().__init__()
        self.box = OutboxCalls(self.store)
        with self.store.engine.begin() as connection:
            connection.execute(delete(outbox))
            connection.execute(delete(destinations))
        self.now = NOW
        self.known: set[str] = set()
        self.wanted: set[str] = set()
        self.again: set[str] = set()
        self.doubtful: set[str] = set()
        self.out: dict[str, tuple[Job, datetime]] = {}
        self.stale: list[Job] = []

    @rule(seconds=st.sampled_from([0, 1, 3, 100]))
    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND

    @rule(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=4), priority=st.integers(-1, 1))
    def add(self, acts: list[Effect], priority: int) -> None:
        self.box.add(*acts, now=self.now, priority=priority)
        for act in acts:
            if act.key in self.known and not act.coalesce:
                continue
            if act.key in self.out or act.key in self.doubtful:
                self.again.add(act.key)
            self.known.add(act.key)
            self.wanted.add(act.key)

    @rule(limit=st.integers(1, 6))
    def claim(self, limit: int) -> None:
        self._claim(limit)

    @rule(seconds=st.sampled_from([0, 4]))
    def deliver(self, seconds: int) -> None:
        """Claim one job and settle it: the most frequent case."""
        self.now += seconds * SECOND
        for job in self._claim(1):
            del self.out[job.effect.key]
            self._say(job, "settle")

    def _claim(self, limit: int) -> list[Job]:
        jobs = self.box.claim(self.now, limit=limit, paces=pace)
        assert len(jobs) <= limit
        for job in jobs:
            key = job.effect.key
            assert key in self.wanted
            assert key not in self.out
            assert job.reconciling == (key in self.doubtful)
            if not job.reconciling:
                self.again.discard(key)
            self.out[key] = (job, self.now + LEASE)
        return jobs

    @precondition(lambda self: self.out)
    @rule(data=st.data(), word=st.sampled_from(WORDS))
    def say(self, data: st.DataObject, word: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.out)))
        job, _ = self.out.pop(key)
        self._say(job, word)

    @precondition(lambda self: self.stale)
    @rule(data=st.data(), word=st.sampled_from(WORDS))
    def say_late(self, data: st.DataObject, word: str) -> None:
        """Settle under a lost lease: it is refused, or counts like any other result."""
        job = data.draw(st.sampled_from(self.stale))
        under_way = self.out.get(job.effect.key)
        try:
            self._say(job, word)
        except LostLease:
            return
        if under_way is not None:
            assert word == "settle", "only good news may overtake a look that is under way"
            del self.out[job.effect.key]

    @rule()
    def recover(self) -> None:
        lost = {key for key, (_, until) in self.out.items() if until < self.now}
        doubted = {job.effect.key for job in self.box.recover(self.now)}
        assert doubted == {key for key in lost if self.out[key][0].effect.safety is Safety.RECONCILE}
        for key in lost:
            job, _ = self.out.pop(key)
            self.stale.append(job)
            if job.effect.safety is Safety.RECONCILE:
                self.doubtful.add(key)
            else:
                self.doubtful.discard(key)

    @precondition(lambda self: self.doubtful)
    @rule(data=st.data(), happened=st.booleans())
    def person_says(self, data: st.DataObject, happened: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.doubtful)))
        assert self.box.by_person(key, happened=happened)
        if key in self.out:
            self.stale.append(self.out.pop(key)[0])
        self._over(key)

    def _say(self, job: Job, word: str) -> None:
        key = job.effect.key
        match word:
            case "settle":
                self.box.settle(job, now=self.now)
                self._over(key)
            case "fail":
                self.box.fail(job, now=self.now)
                self._over(key)
            case "postpone":
                self.box.postpone(job, due=self.now + SECOND)
                self.doubtful.discard(key)
            case _:
                self.box.mark_unsure(job, due=None if word == "ask" else self.now + SECOND)
                self.doubtful.add(key)

    def _over(self, key: str) -> None:
        self.doubtful.discard(key)
        if key not in self.again:
            self.wanted.discard(key)
        self.again.discard(key)

    @invariant()
    def no_act_is_lost_and_none_is_invented(self) -> None:
        with self.box.store.engine.connect() as connection:
            rows = connection.execute(select(outbox.c.key, outbox.c.state)).all()
        assert {row.key for row in rows if row.state not in {"sent", "failed"}} == self.wanted
        assert {row.key for row in rows if row.state == "sending"} == set(self.out)
        assert {row.key for row in rows} == self.known

    @invariant()
    def no_two_of_a_stream_are_out(self) -> None:
        streams = Counter(job.effect.stream for job, _ in self.out.values())
        assert max(streams.values(), default=0) <= 1

    @invariant()
    def something_can_be_claimed_when_it_is_said_to_be(self) -> None:
        due = self.box.next_due(self.now)
        assert due is None or due >= self.now

    def teardown(self) -> None:
        """With enough time and a person to ask, every row reaches a final state."""
        for _ in range(10 * len(ACTS)):
            if not self.wanted:
                break
            self.now += timedelta(minutes=5)
            self.recover()
            due = self.box.next_due(self.now)
            jobs = self._claim(6)
            assert bool(jobs) == (due == self.now)
            for job in jobs:
                del self.out[job.effect.key]
                self._say(job, "settle")
            for key in sorted(self.doubtful):
                assert self.box.by_person(key, happened=True)
                self._over(key)
        assert not self.wanted


@pytest.mark.long(10)
def test_any_order_of_events(store: Store) -> None:
    # Examples are random in each run, so that repeated runs cover thousands.
    examples = 40 if store.workers == 1 else 10
    run_state_machine_as_test(
        type("OutboxesHere", (OutboxMachine,), {"store": store}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            phases=(Phase.reuse, Phase.generate),  # shrinking would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
