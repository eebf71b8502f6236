"""Work that several ask for at once is done once, and different work one after another."""

import asyncio

import pytest

from handlers.shared_work import SharedWork, WorkCancelled


class Work:
    """Work that ends when it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.began = 0
        self.may_end = asyncio.Event()
        self.error = error

    async def __call__(self) -> int:
        self.began += 1
        await self.may_end.wait()
        if self.error is not None:
            raise self.error
        return self.began


async def asked(shared: SharedWork, key: str, work: Work) -> "asyncio.Task[int]":
    """Ask for the work, and let it begin."""
    task = asyncio.create_task(shared.run(key, work))
    await asyncio.sleep(0)
    return task


async def test_the_same_is_done_once_for_all_who_ask_meanwhile() -> None:
    shared, work = SharedWork(), Work()
    tasks = [await asked(shared, "7d", work) for _ in range(3)]
    tasks[1].cancel()  # whoever gives up takes it from nobody
    work.may_end.set()
    assert [await tasks[0], await tasks[2]] == [1, 1]
    assert await shared.run("7d", work) == 2


async def test_other_work_waits_for_its_turn() -> None:
    shared, first, second = SharedWork(), Work(), Work()
    tasks = [await asked(shared, "7d", first), await asked(shared, "30d", second)]
    assert (first.began, second.began) == (1, 0)
    first.may_end.set()
    second.may_end.set()
    assert await asyncio.gather(*tasks) == [1, 1]


async def test_a_failure_is_everybodys_and_the_next_one_begins_anew() -> None:
    shared, work = SharedWork(), Work(OSError("the disk is full"))
    tasks = [await asked(shared, "7d", work) for _ in range(2)]
    work.may_end.set()
    assert [str(await one) for one in map(_error, tasks)] == ["the disk is full"] * 2
    work.error = None
    assert await shared.run("7d", work) == 2


async def test_who_waited_for_work_that_was_cancelled_is_told() -> None:
    shared, work = SharedWork(), Work()
    first, other = [await asked(shared, "7d", work) for _ in range(2)]
    first.cancel()
    with pytest.raises(WorkCancelled):
        await other


async def _error(task: "asyncio.Task[int]") -> BaseException | None:
    await asyncio.wait([task])
    return task.exception()
