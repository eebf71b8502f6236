"""Serialize work with the same key; run work with different keys concurrently."""

import asyncio

from handlers.keyed_lock import KeyedLock


async def test_each_key_has_a_queue_of_its_own_in_which_the_first_is_first() -> None:
    turns, done = KeyedLock(), list[str]()
    gate = asyncio.Event()

    async def act(key: str, name: str, *, waits: bool = False, fails: bool = False) -> None:
        async with turns.of(key):
            if waits:
                await gate.wait()
            done.append(name)
            if fails:
                raise ValueError(name)

    slow = [
        asyncio.create_task(act("one", name, waits=name == "a", fails=name == "b"))
        for name in ("a", "b", "c")
    ]
    await act("other", "d")
    assert done == ["d"]
    gate.set()
    await asyncio.gather(*slow, return_exceptions=True)
    assert done == ["d", "a", "b", "c"]
    assert turns._locks == {}
