"""Threads that work for the event loop, with the shortest way there and back.

The standard library's executor takes twice as long to hand a call over, which is felt where a click is one short transaction: it makes
two futures for each call and chains them by callbacks.
"""

import asyncio
import contextlib
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

R = TypeVar("R")

_Call = tuple[Callable[[], Any], asyncio.Future[Any]]


class Workers:
    """So many threads, begun with the first call. Calls begin in the order in which they were asked for."""

    def __init__(self, many: int, *, name: str) -> None:
        self._many = many
        self._name = name
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._stopped = False

    async def do(self, call: Callable[[], R]) -> R:
        """What `call` returns or raises, once a thread has done it. It is done to its end even where nobody waits for it any more.

        Raises `RuntimeError` after `stop`.
        """
        if self._stopped:
            raise RuntimeError("the workers have stopped, so nothing more can be done")
        if not self._threads:
            self._begin()
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._calls.put((call, done))
        return await done

    def stop(self) -> None:
        """Finish what was asked for, then end; waits for it."""
        self._stopped = True
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join()

    def _begin(self) -> None:
        for number in range(self._many):
            thread = Thread(target=self._work, name=f"{self._name} {number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while (asked := self._calls.get()) is not None:
            _do(*asked)
            asked = None  # else what it came to is kept in memory until the next call


def _do(call: Callable[[], Any], done: asyncio.Future[Any]) -> None:
    try:
        result = call()
    except BaseException as error:  # noqa: BLE001 - it is raised where the call was asked for
        _tell(done, done.set_exception, error)
    else:
        _tell(done, done.set_result, result)


def _tell(done: asyncio.Future[Any], say: Callable[[Any], None], what: object) -> None:
    """Say it on the loop that waits. A loop that was closed meanwhile waits for nothing."""
    with contextlib.suppress(RuntimeError):
        done.get_loop().call_soon_threadsafe(_say, done, say, what)


def _say(done: asyncio.Future[Any], say: Callable[[Any], None], what: object) -> None:
    if not done.done():
        say(what)
