"""Threads that work for the event loop: what is asked for is done, in order, to its end."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from handlers.workers import Workers


@pytest.fixture
def make() -> Iterator[Callable[[int], Workers]]:
    made: list[Workers] = []

    def workers(many: int) -> Workers:
        made.append(Workers(many, name="test"))
        return made[-1]

    yield workers
    for one in made:
        one.stop()


async def test_a_call_gives_what_it_returns_or_raises_from_a_thread(make: Callable[[int], Workers]) -> None:
    workers = make(1)
    assert (await workers.do(lambda: threading.current_thread().name)).startswith("test")
    with pytest.raises(ZeroDivisionError):
        await workers.do(lambda: 1 / 0)
    assert await workers.do(lambda: "still there") == "still there"


async def test_one_thread_does_one_call_after_the_other(make: Callable[[int], Workers]) -> None:
    workers, done = make(1), list[int]()
    await asyncio.gather(*(workers.do(lambda n=n: done.append(n)) for n in range(50)))  # type: ignore[misc]
    assert done == list(range(50))


async def test_two_threads_do_two_calls_at_once(make: Callable[[int], Workers]) -> None:
    workers, met = make(2), threading.Barrier(2, timeout=30)
    assert sorted(await asyncio.gather(workers.do(met.wait), workers.do(met.wait))) == [0, 1]


async def test_a_call_that_nobody_waits_for_any_more_is_done_to_its_end(
    make: Callable[[int], Workers],
) -> None:
    workers, go, done = make(1), threading.Event(), list[str]()

    def slow() -> None:
        go.wait(30)
        done.append("slow")

    waiting = asyncio.create_task(workers.do(slow))
    await asyncio.sleep(0)
    waiting.cancel()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await workers.do(lambda: "next") == "next"
    assert done == ["slow"]


async def test_a_stop_finishes_what_was_asked_for_and_takes_no_more(make: Callable[[int], Workers]) -> None:
    workers, done = make(1), list[int]()
    asked = [asyncio.create_task(workers.do(lambda n=n: done.append(n))) for n in range(20)]  # type: ignore[misc]
    await asyncio.sleep(0)
    await asyncio.to_thread(workers.stop)
    assert done == list(range(20))
    await asyncio.gather(*asked)
    with pytest.raises(RuntimeError, match="stopped"):
        await workers.do(lambda: None)


def test_a_loop_that_was_closed_meanwhile_is_no_trouble(make: Callable[[int], Workers]) -> None:
    workers, go = make(1), threading.Event()

    async def ask_and_leave() -> None:
        asking = asyncio.create_task(workers.do(lambda: go.wait(30)))
        await asyncio.sleep(0)
        asking.cancel()

    asyncio.run(ask_and_leave())
    go.set()

    async def ask_again() -> str:
        return await workers.do(lambda: "still there")

    assert asyncio.run(ask_again()) == "still there"
