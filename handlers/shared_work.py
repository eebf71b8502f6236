"""Share work that takes long: whoever asks for the same meanwhile waits for the one that is under way."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class WorkCancelled(Exception):
    """The work that others waited for was cancelled, as the bot stops."""


class SharedWork:
    """Runs work one after another, and the same only once at a time."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._under_way: dict[Hashable, asyncio.Future[Any]] = {}

    async def run(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """Return what `work` returns, or what the one with the same key does that is under way."""
        if (under_way := self._under_way.get(key)) is not None:
            found: T = await asyncio.shield(under_way)
            return found
        future = self._under_way[key] = asyncio.get_running_loop().create_future()
        future.add_done_callback(_look_at)
        try:
            async with self._lock:
                result = await work()
        except BaseException as error:
            future.set_exception(error if isinstance(error, Exception) else WorkCancelled())
            raise
        finally:
            del self._under_way[key]
        future.set_result(result)
        return result


def _look_at(future: "asyncio.Future[Any]") -> None:
    """Look at the exception: where nobody waits for it, asyncio would log that nobody did."""
    future.exception()
