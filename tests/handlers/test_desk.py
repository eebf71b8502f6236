"""Run use cases in one transaction each, outside the event loop; retry on conflicts."""

import asyncio
import threading
from dataclasses import replace
from functools import partial

import pytest

from adapters.slack.refusal_texts import refusal_text
from domain.delivery.effects import UpdateCard
from domain.errors import AssignedToAnother, StaleCase, TooManyConflicts
from handlers.cases.assignment import claim
from handlers.desk import MAX_ATTEMPTS, Desk
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import NOW, SAM, ConcurrentWriter, a_stored_case, case_of, queued


async def test_a_use_case_runs_on_the_threads_of_the_store(desk: Desk) -> None:
    def where(uow: UnitOfWork, *, said: str) -> str:
        assert uow.cases.counts()
        return f"{said} {threading.current_thread().name}"

    assert (await desk.run(where, said="here:")).startswith("here: desk")
    assert (await desk.run_in_pool(lambda: threading.current_thread().name)).startswith("desk")


async def test_an_exception_is_raised_and_rolls_back(store: Store, desk: Desk) -> None:
    def half(uow: UnitOfWork) -> None:
        uow.outbox.add([UpdateCard(1)], now=NOW)
        raise LookupError("half way")

    woken: list[bool] = []
    desk.on_effects = lambda: woken.append(True)
    with pytest.raises(LookupError):
        await desk.run(half)
    assert queued(store) == []
    assert woken == []


async def test_only_a_commit_with_effects_wakes_the_delivery(store: Store, desk: Desk) -> None:
    woken: list[str] = []
    desk.on_effects = lambda: woken.append(threading.current_thread().name)
    case = a_stored_case(store)
    for _ in range(2):
        await desk.run(claim, case_id=case.id, user_id=SAM, now=NOW)
    assert woken == [threading.current_thread().name]


async def test_run_at_once_runs_inline_where_the_store_is_free(store: Store, desk: Desk) -> None:
    def where(uow: UnitOfWork) -> str:
        assert uow.cases.counts()
        return threading.current_thread().name

    here = threading.current_thread().name
    expected = here if store.workers == 1 else "desk"
    assert (await desk.run_at_once(where)).startswith(expected)
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with store.unit_of_work() as uow:
            uow.outbox.add([UpdateCard(1)], now=NOW)
            held.set()
            go.wait(30)

    holding = asyncio.create_task(asyncio.to_thread(hold))
    await asyncio.to_thread(held.wait, 30)
    waiting = asyncio.create_task(desk.run_at_once(where))
    await asyncio.sleep(0)
    go.set()
    assert (await waiting).startswith("desk")
    await holding


async def test_nothing_that_writes_waits_for_what_only_reads(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    reading, go = threading.Event(), threading.Event()

    def read(uow: UnitOfWork) -> list[str | None]:
        seen = [uow.cases.get(case.id).claimed_by]
        reading.set()
        assert go.wait(30)
        return [*seen, uow.cases.get(case.id).claimed_by]

    report = asyncio.create_task(desk.run_to_read(read))
    await asyncio.to_thread(reading.wait, 30)
    await desk.run(claim, case_id=case.id, user_id=SAM, now=NOW)
    here = threading.current_thread().name
    assert (await desk.run_at_once(lambda _uow: threading.current_thread().name)).startswith(
        here if store.workers == 1 else "desk"
    )
    go.set()
    # On SQLite all that it reads is of one moment.
    assert await report == ([None, None] if store.workers == 1 else [None, SAM])
    assert await desk.run_to_read(lambda uow: uow.cases.get(case.id).claimed_by) == SAM


async def test_run_at_once_commits_wakes_the_delivery_and_rolls_back(store: Store, desk: Desk) -> None:
    woken: list[bool] = []
    desk.on_effects = lambda: woken.append(True)
    case = a_stored_case(store)
    for _ in range(2):
        await desk.run_at_once(claim, case_id=case.id, user_id=SAM, now=NOW)
    assert case_of(store, case.id).claimed_by == SAM
    assert woken == [True]

    def half(uow: UnitOfWork) -> None:
        uow.outbox.add([UpdateCard(99)], now=NOW)
        raise LookupError("half way")

    with pytest.raises(LookupError):
        await desk.run_at_once(half)
    assert [row for row in queued(store) if row["payload"].get("case_id") == 99] == []
    await desk.run_at_once(claim, case_id=case.id, user_id=SAM, now=NOW)


@pytest.mark.parametrize("durably", [False, True])
async def test_a_stale_case_reruns_the_use_case(desk: Desk, durably: bool) -> None:
    runs: list[int] = []

    def third_time(uow: UnitOfWork) -> str:
        assert uow.cases.counts()
        runs.append(1)
        if len(runs) < 3:
            raise StaleCase
        return "done"

    run = desk.run_durably if durably else desk.run
    assert await run(third_time) == "done"
    assert len(runs) == 3


async def test_a_rerun_wins_against_a_concurrent_writer(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    other = ConcurrentWriter(store, case.id)
    runs: list[int] = []

    def slow(uow: UnitOfWork) -> None:
        runs.append(1)
        read = uow.cases.get(case.id)
        # A rerun locks the case at its first reading; SQLite has one writer.
        other.start_write(is_locked=len(runs) > 1 or store.workers == 1)
        uow.cases.save(replace(read, claimed_by=SAM))

    await desk.run(slow)
    await asyncio.to_thread(other.close)
    assert case_of(store, case.id).claimed_by == SAM
    assert case_of(store, case.id).author.followers > case.author.followers
    assert len(runs) == (1 if store.workers == 1 else 2)


async def test_reruns_are_limited(desk: Desk) -> None:
    runs: list[int] = []

    def never(uow: UnitOfWork) -> None:
        assert uow.cases.counts()
        runs.append(1)
        raise StaleCase

    with pytest.raises(TooManyConflicts) as refused:
        await desk.run(never)
    assert refusal_text(refused.value).startswith("Nothing was done: others were changing this case")
    assert len(runs) == MAX_ATTEMPTS


async def test_closing_waits_for_running_use_cases(store: Store) -> None:
    desk = Desk(store)
    case = a_stored_case(store)
    running = asyncio.create_task(desk.run(claim, case_id=case.id, user_id=SAM, now=NOW))
    await asyncio.sleep(0)
    await asyncio.to_thread(desk.close)
    await running
    assert case_of(store, case.id).claimed_by == SAM


async def test_what_is_asked_is_done_in_order_on_one_thread_and_at_once_on_several(
    store: Store, desk: Desk
) -> None:
    if store.workers == 1:
        done = list[int]()
        await asyncio.gather(*(desk.run_in_pool(lambda n=n: done.append(n)) for n in range(50)))  # type: ignore[misc]
        assert done == list(range(50))
    else:
        met = threading.Barrier(2, timeout=30)
        assert sorted(await asyncio.gather(desk.run_in_pool(met.wait), desk.run_in_pool(met.wait))) == [0, 1]


async def test_what_nobody_waits_for_any_more_is_done_to_its_end(store: Store, desk: Desk) -> None:
    """Including work that has not started by then."""
    go, done = threading.Event(), list[int]()

    def slow(number: int) -> None:
        go.wait(30)
        done.append(number)

    asked = [
        asyncio.create_task(desk.run_in_pool(partial(slow, number))) for number in range(store.workers + 1)
    ]
    await asyncio.sleep(0)
    for one in asked:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    assert all(one.cancelled() for one in asked)
    go.set()
    await asyncio.to_thread(desk.close)
    assert sorted(done) == list(range(store.workers + 1))


async def test_closing_finishes_what_was_asked_for_and_takes_no_more(store: Store) -> None:
    desk, done = Desk(store), list[int]()
    asked = [asyncio.create_task(desk.run_in_pool(lambda n=n: done.append(n))) for n in range(20)]  # type: ignore[misc]
    await asyncio.sleep(0)
    await asyncio.to_thread(desk.close)
    assert sorted(done) == list(range(20))
    await asyncio.gather(*asked)
    with pytest.raises(RuntimeError, match="after shutdown"):
        await desk.run_in_pool(lambda: None)


def test_a_loop_that_was_closed_meanwhile_is_no_trouble(desk: Desk) -> None:
    go = threading.Event()

    async def ask_and_leave() -> None:
        asking = asyncio.create_task(desk.run_in_pool(lambda: go.wait(30)))
        await asyncio.sleep(0)
        asking.cancel()

    asyncio.run(ask_and_leave())
    go.set()

    async def ask_again() -> str:
        return await desk.run_in_pool(lambda: "still there")

    assert asyncio.run(ask_again()) == "still there"


async def test_each_run_is_told_once_with_its_name_and_time(store: Store, desk: Desk) -> None:
    told: list[tuple[str, float]] = []
    desk.on_ran = lambda name, seconds: told.append((name, seconds))
    case = a_stored_case(store)
    await desk.run_at_once(claim, case_id=case.id, user_id=SAM, now=NOW)
    await desk.run(partial(claim, case_id=case.id), user_id=SAM, now=NOW)
    with pytest.raises(AssignedToAnother):
        await desk.run_durably(claim, case_id=case.id, user_id="U0OTHER", now=NOW)
    assert [name for name, _ in told] == ["claim"] * 3
    assert all(seconds > 0 for _, seconds in told)
