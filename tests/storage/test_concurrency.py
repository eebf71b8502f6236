"""Run concurrent transactions: serialized on SQLite, row locks and constraints on PostgreSQL."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Barrier, Event
from typing import TypeVar

import pytest
from sqlalchemy import text

from domain.cases.case import Case
from domain.delivery.effect import Effect
from domain.delivery.effects import Alert, Job, PostCard, UpdateCard
from domain.delivery.pacing import Pace
from domain.delivery.thread_effects import PostThread
from domain.errors import StaleCase
from domain.records.audit import SYSTEM, Action, Entry
from storage.engine import Store, open_store
from storage.schema import HEAD, create_if_empty
from tests.storage.made import ANA, NOW, SECOND, a_case, a_message, stored, with_one_more_follower
from tests.storage.outboxes import LEASE, OutboxCalls

R = TypeVar("R")


def in_parallel(many: int, act: Callable[[int], R]) -> list[R]:
    """Run `act` in `many` threads that start together; return what each returned."""
    gate = Barrier(many)

    def start(number: int) -> R:
        gate.wait()
        return act(number)

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(start, range(many)))


def claim_case(store: Store, case_id: int, number: int) -> bool:
    """Claim a case with retries, as a use case does; return whether this caller won."""
    user_id = f"U{number}"
    for _ in range(3):
        try:
            with store.unit_of_work() as uow:
                case = uow.cases.get(case_id)
                if case.claimed_by is not None:
                    return False
                uow.cases.save(replace(case, claimed_by=user_id))
                uow.audit.add_many(
                    [Entry(at=NOW, actor=user_id, action=Action.CLAIMED, case_id=case_id, version=2)]
                )
        except StaleCase:
            continue
        return True
    raise AssertionError("lost three times to somebody who did not claim it")


def test_one_of_eight_concurrent_claims_of_a_case_wins(store: Store) -> None:
    for case in stored(store, *[a_case() for _ in range(10)]):
        case_id = case.id
        won = in_parallel(8, partial(claim_case, store, case_id))
        assert won.count(True) == 1
        with store.unit_of_work() as uow:
            found = uow.cases.get(case_id)
            [entry] = uow.audit.of_case(case_id)
        assert found.claimed_by == f"U{won.index(True)}" == entry.actor
        assert found.version == 2


def test_no_update_is_lost(store: Store) -> None:
    [case] = stored(store)

    def count_up(_number: int) -> None:
        done = 0
        while done < 10:
            try:
                with store.unit_of_work() as uow:
                    read = uow.cases.get(case.id)
                    uow.cases.save(with_one_more_follower(read))
                done += 1
            except StaleCase:
                continue

    in_parallel(4, count_up)
    with store.unit_of_work() as uow:
        found = uow.cases.get(case.id)
    assert (found.author.followers, found.version) == (ANA.followers + 40, case.version + 40)


def test_two_workers_never_claim_the_same_row_or_stream(store: Store) -> None:
    box = OutboxCalls(store)
    effects: list[Effect] = []
    for number in range(1, 41):
        effects += [PostCard(number, "C1"), UpdateCard(number), PostThread(number, "C1")]
    box.add(*effects)
    taken: list[int] = []

    def work(_number: int) -> None:
        while jobs := box.claim(limit=7):
            streams = Counter(job.effect.stream for job in jobs)
            assert max(streams.values()) == 1
            for job in jobs:
                taken.append(job.id)
                box.settle(job)

    in_parallel(4, work)
    while left := box.claim():
        for job in left:
            taken.append(job.id)
            box.settle(job)
    assert len(taken) == len(set(taken)) == len(effects)
    assert box.counts() == {"sent": len(effects)}


def test_workers_share_one_pace(store: Store) -> None:
    box = OutboxCalls(store)
    box.add(*[PostCard(number, "C1") for number in range(1, 30)])

    def claim_at(now: datetime, _number: int) -> list[Job]:
        return box.claim(now, paces=lambda _name: Pace(SECOND))

    for second in range(5):
        jobs = in_parallel(4, partial(claim_at, NOW + second * SECOND))
        assert sum(map(len, jobs)) == 1


def test_effects_requested_again_while_being_sent_are_sent_again(store: Store) -> None:
    """An update that is requested after a change starts after that change."""
    box = OutboxCalls(store)
    [case] = stored(store)
    shown: list[int] = []

    def ask(number: int) -> None:
        for _ in range(10):
            while True:
                try:
                    with store.unit_of_work() as uow:
                        read = uow.cases.get(case.id)
                        uow.cases.save(with_one_more_follower(read))
                        uow.outbox.add([UpdateCard(case.id)], now=NOW)
                    break
                except StaleCase:
                    continue

    def show(_number: int) -> None:
        for job in box.claim():
            with store.unit_of_work() as uow:
                shown.append(uow.cases.get(case.id).author.followers)
            box.settle(job)

    def either(number: int) -> None:
        if number < 3:
            ask(number)
        else:
            for _ in range(60):
                show(number)

    in_parallel(5, either)
    show(0)
    assert shown[-1] == ANA.followers + 30
    assert box.claim() == []


# --- PostgreSQL only: row locks and constraints -----------------------------------------------


def test_reading_a_cursor_locks_it(postgres: Store) -> None:
    def advance(_number: int) -> None:
        for _ in range(5):
            with postgres.unit_of_work() as uow:
                cursor = uow.cursors.get("x", "1", "mentions")
                uow.cursors.save(replace(cursor, since_id=str(int(cursor.since_id or 0) + 1)))

    in_parallel(4, advance)
    with postgres.unit_of_work() as uow:
        assert uow.cursors.get("x", "1", "mentions").since_id == "20"


def test_a_concurrent_insert_of_the_same_post_raises_stale_case(postgres: Store) -> None:
    [case] = stored(postgres)
    looked, written = Event(), Event()

    def slow() -> None:
        with postgres.unit_of_work() as uow:
            assert uow.messages.known("x", "1", ["901"]) == {}
            looked.set()
            assert written.wait(10)
            uow.messages.add_many([a_message(case.id)], network="x", account_id="1")

    with ThreadPoolExecutor(1) as thread:
        late = thread.submit(slow)
        assert looked.wait(10)
        with postgres.unit_of_work() as uow:
            uow.messages.add_many([a_message(case.id)], network="x", account_id="1")
        written.set()
        with pytest.raises(StaleCase):
            late.result()


def test_a_deadlock_raises_stale_case(postgres: Store) -> None:
    first, second = stored(postgres, a_case(), a_case())

    def touch(one: Case, other: Case, gate: Barrier) -> bool:
        try:
            with postgres.unit_of_work() as uow:
                uow.cases.record_thread_position(one.id, audit_id=1)
                gate.wait(10)
                uow.cases.record_thread_position(other.id, audit_id=1)
        except StaleCase:
            return False
        return True

    gate = Barrier(2)
    pairs = ((first, second), (second, first))
    assert sorted(in_parallel(2, lambda number: touch(*pairs[number], gate))) == [False, True]


def test_audit_ids_of_a_case_follow_the_order_of_commits(postgres: Store) -> None:
    [case] = stored(postgres)
    entry = Entry(at=NOW, actor=SYSTEM, action=Action.CUSTOMER_EDITED, case_id=case.id, version=1)
    begun, go_on = Event(), Event()

    def slow() -> None:
        with postgres.unit_of_work() as uow:
            uow.audit.add_many([entry])
            begun.set()
            assert go_on.wait(10)

    def quick() -> None:
        with postgres.unit_of_work() as uow:
            uow.audit.add_many([replace(entry, actor="U1")])

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(slow)
        assert begun.wait(10)
        second = threads.submit(quick)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.3)
        go_on.set()
        first.result()
        second.result()
    with postgres.unit_of_work() as uow:
        assert [found.actor for found in uow.audit.of_case(case.id)] == [SYSTEM, "U1"]


@pytest.mark.parametrize("is_snapshot", [True, False])
def test_a_snapshot_sees_one_moment(postgres: Store, *, is_snapshot: bool) -> None:
    """Without one, a read sees what was committed since the one before it."""
    [case] = stored(postgres)
    with postgres.unit_of_work() as uow:
        if is_snapshot:
            uow.read_snapshot()
        before = uow.cases.get(case.id)
        assert claim_case(postgres, case.id, 1)
        assert (uow.cases.get(case.id) == before) is is_snapshot


def test_a_lock_on_a_case_blocks_other_writers(postgres: Store) -> None:
    held, free = stored(postgres, a_case(), a_case())

    def write(case: Case) -> None:
        with postgres.unit_of_work() as uow:
            uow.cases.record_thread_position(case.id, audit_id=7)

    with ThreadPoolExecutor(1) as thread:
        with postgres.unit_of_work() as uow:
            uow.cases.lock([held.id, 4_000])
            write(free)
            waiting = thread.submit(write, held)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
            uow.cases.save(replace(uow.cases.get(held.id), claimed_by="U1"))
        waiting.result()
    with postgres.unit_of_work() as uow:
        found = uow.cases.get(held.id)
    assert (found.claimed_by, found.thread_audit_id) == ("U1", 7)


def test_a_locked_outbox_row_is_skipped(postgres: Store) -> None:
    box = OutboxCalls(postgres)
    box.add(UpdateCard(1), Alert("text", "once", "C1"))
    with postgres.unit_of_work() as uow:
        uow.outbox.add([UpdateCard(1)], now=NOW)
        assert [job.effect.kind for job in box.claim()] == ["alert"]
    assert box.claim_one().effect == UpdateCard(1)


def test_concurrent_starts_create_the_tables_once(empty_postgres: str) -> None:
    def start(_number: int) -> None:
        store = open_store(empty_postgres)
        create_if_empty(store)
        store.close()

    in_parallel(3, start)
    store = open_store(empty_postgres)
    with store.engine.connect() as connection:
        assert connection.scalars(text("SELECT version_num FROM alembic_version")).all() == [HEAD]
    store.close()


def test_rows_of_a_crashed_worker_are_recovered_once(store: Store) -> None:
    box = OutboxCalls(store)
    box.add(*[Alert("text", str(number), "C1") for number in range(30)])
    assert len(box.claim()) == 30
    lost = in_parallel(4, lambda _number: box.recover(NOW + 2 * LEASE))
    assert sorted(job.id for jobs in lost for job in jobs) == sorted(
        {job.id for jobs in lost for job in jobs}
    )
    assert sum(map(len, lost)) == 30
    assert box.counts() == {"unsure": 30}
